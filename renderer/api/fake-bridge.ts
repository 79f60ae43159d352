// Stands in for the preload script in `vite dev`, so that the window can be worked on in a browser. The production
// bundle does not contain it. `?fake=empty|full|many|locked` picks a scenario.
import type { EventData, EventName, FleetRow, GatewayBridge, Output } from '#ipc';
import { done, failed } from '#contract/outcome';
import { wait, type Answers, type Part, type World } from './fake-answers.ts';
import { brokenRow, fakeCertificate, fakeGroups, fakeHostKey, fakeNames, fakeRevision, fakeRow } from './fake-fleet.ts';
import { fakeGroupAnswers } from './fake-groups.ts';
import { fakeHistoryAnswers } from './fake-history.ts';
import { manyGroups, manyRow } from './fake-many.ts';
import { fakeGauges, fakeQueueAnswers } from './fake-queue.ts';
import { fakeRemoteAnswers } from './fake-remote.ts';
import { fakeRolloutAnswers } from './fake-rollouts.ts';
import { fakeSettingsAnswers } from './fake-settings.ts';

function startRows(scenario: string): FleetRow[] {
  if (scenario === 'empty') return [];
  if (scenario === 'many') return Array.from({ length: 1000 }, (_, i) => manyRow(i + 1));
  return [...fakeNames.map(fakeRow), brokenRow];
}

function emitter() {
  const listeners = new Map<EventName, Set<(data: never) => void>>();
  const on = <E extends EventName>(event: E, listener: (data: EventData<E>) => void): (() => void) => {
    const set = listeners.get(event) ?? new Set();
    listeners.set(event, set);
    set.add(listener);
    return () => set.delete(listener);
  };
  const emit = <E extends EventName>(event: E, data: EventData<E>): void => {
    for (const listener of listeners.get(event) ?? []) (listener as (data: EventData<E>) => void)(data);
  };
  return { on, emit };
}

/** A bridge to a world that lives until the page is loaded again. */
export function createFakeBridge(scenario: string): GatewayBridge {
  const { on, emit } = emitter();
  const isLocked = scenario === 'locked';
  const world: World = {
    rows: startRows(scenario),
    groups: scenario === 'many' ? manyGroups : fakeGroups,
    vault: isLocked
      ? { state: 'locked', words: 'Secrets are locked: a passphrase is needed before a push can sign in.' }
      : { state: 'keychain', words: 'Secrets are kept in the system’s keychain.' },
    emit,
    cancelled: new Set(),
  };
  const answers: Partial<Answers> = {
    ...fleetAnswers(world),
    ...gatewayAnswers(world),
    ...fakeSettingsAnswers(world),
    ...appAnswers(world, scenario),
    ...fakeQueueAnswers(),
    ...fakeGroupAnswers(world),
    ...fakeHistoryAnswers(world),
    ...fakeRemoteAnswers(world),
    ...fakeRolloutAnswers(world),
  };
  setInterval(() => {
    const some = world.rows.filter((row) => row.unreadable === null && Math.random() < 0.1).map(withQueue);
    emit('fleet:sights', { sights: Object.fromEntries(some.map(({ name, sight }) => [name, lookAgain(name, sight)])) });
  }, lookMilliseconds);
  return {
    on,
    call: async (channel, input) =>
      answers[channel]?.(input) ?? failed('not-found', `The fake fleet does not answer ${channel}.`),
  };
}

function appAnswers(world: World, scenario: string): Part<'app' | 'vault' | 'local' | 'file' | 'list'> {
  return {
    'app:info': async () =>
      done({
        version: '0.1.0',
        electron: '25.1.1',
        isDevelopmentRuntime: scenario !== 'many',
        fleetFolder: '/home/admin/.config/postern/fleet',
        platform: 'linux',
        vault: world.vault,
      }),
    'app:choose-folder': async () => done(null),
    'vault:unlock': async ({ passphrase }) => {
      await wait(600);
      if (passphrase === 'wrong')
        return failed(
          'vault-locked',
          'This is not the passphrase of the store.',
          'Try again; it was chosen on this computer.',
        );
      world.vault = { state: 'passphrase', words: 'Secrets are opened with a passphrase.' };
      return done(world.vault);
    },
    'local:start': async () => {
      for (const words of ['Starting the agent…', 'Listening on 127.0.0.1 port 2525…', 'Signing in to it over SSH…']) {
        world.emit('local:progress', { words });
        await wait(700);
      }
      if (!world.rows.some((row) => row.name === 'local')) world.rows.push(fakeRow('local'));
      return done({ name: 'local' });
    },
    'file:browse-key': async () => done({ path: '/home/operator/.ssh/id_ed25519' }),
    'file:browse': async ({ purpose }) =>
      done({ token: purpose, fileName: purpose === 'privateKey' ? 'mx.key' : 'mx.pem' }),
    'file:upload': async ({ purpose, passphrase }) => {
      await wait(300);
      if (purpose === 'privateKey' && passphrase === undefined) return failed('secret-needed', 'mx.key is encrypted.');
      const sha256 = fakeRevision(`${purpose} ${Date.now()}`);
      if (purpose === 'privateKey')
        return done({ sha256, purpose, key: { keyType: 'EC P-256', spkiSha256: fakeRevision('spki'), isHere: true } });
      return done({
        sha256,
        purpose,
        certificate: fakeCertificate('mx.example.net', 364),
        spkiSha256: fakeRevision('spki'),
      });
    },
    'list:open': async () =>
      done({
        fileName: 'import.txt',
        text: '192.168.1.1\n192.168.2.0:255.255.255.0\n300.1.1.1\nexample.com\npartner.example mx\n',
      }),
    'list:save': async ({ suggestedName }) => done({ fileName: suggestedName }),
  };
}

function fleetAnswers(world: World): Part<'fleet'> {
  const find = (name: string): FleetRow | undefined => world.rows.find((row) => row.name === name);
  return {
    'fleet:list': async () => {
      await wait(150);
      return done(world.rows.map(withQueue));
    },
    'fleet:refresh': async ({ name }) => {
      await wait(200 + Math.random() * 300);
      const row = find(name);
      if (row === undefined) return failed('not-found', `No gateway ${name}.`);
      return done(lookAgain(name, withQueue(fakeRow(name)).sight));
    },
    'fleet:hello': async ({ name }) => {
      await wait(200);
      if (name === 'mx3') return failed('unreachable', 'mx3.example.net port 22 does not answer.');
      return done(hello(name));
    },
    'fleet:explain': async ({ address, sender, recipient }) => {
      await wait(250);
      const isDenied = address.startsWith('192.0.2.');
      const isForeign = recipient !== undefined && !recipient.endsWith('example.net');
      return done({
        address,
        verdict: isDenied ? 'refuse' : 'accept',
        steps: [
          isDenied
            ? {
                rule: 'connection-control',
                outcome: 'refuse',
                words: 'The deny list holds this address.',
                entry: '192.0.2.0/24 # documentation range',
                reply: '554 5.7.1',
              }
            : {
                rule: 'connection-control',
                outcome: 'pass',
                words: 'All are accepted except the deny list, and no entry of it holds this address.',
              },
          {
            rule: 'simultaneous-connections',
            outcome: isDenied ? 'not-reached' : 'pass',
            words: '412 of 1,000 connections are open.',
          },
          {
            rule: 'tls-requirement',
            outcome: isDenied ? 'not-reached' : 'condition',
            words: 'Mail is taken only after STARTTLS.',
            reply: '530 5.7.0',
          },
          {
            rule: 'message-rule',
            outcome: isDenied ? 'not-reached' : isForeign ? 'refuse' : recipient === undefined ? 'condition' : 'pass',
            words: isForeign
              ? `${recipient.split('@')[1] ?? recipient} is no relay domain, and the client is no permitted sender.`
              : `Only for recipients in example.net, *.example.net and example.org${sender === undefined ? '' : ', whoever sends'}.`,
            ...(isForeign || recipient === undefined ? { reply: '550 5.7.1' } : {}),
          },
          {
            rule: 'delivery',
            outcome: isDenied || isForeign ? 'not-reached' : 'pass',
            words: 'Goes to mailstore.example.net port 25.',
          },
        ],
      });
    },
  };
}

const lookMilliseconds = 2_000;

function lookAgain(name: string, sight: FleetRow['sight']): FleetRow['sight'] {
  const number = Number(/-(\d{4})$/.exec(name)?.[1] ?? Number.NaN);
  return Number.isNaN(number) ? sight : manyRow(number).sight;
}

function withQueue(row: FleetRow): FleetRow {
  const { status } = row.sight;
  if (status?.queue !== null) return row;
  const queue = fakeGauges(row.name);
  return { ...row, sight: { ...row.sight, status: status === null ? null : { ...status, queue } } };
}

function hello(name: string): Output<'fleet:hello'> {
  return {
    agentVersion: '0.1.0',
    protocol: 1,
    schemaVersion: 1,
    hostName: `${name}.example.net`,
    addresses: ['127.0.0.1', '::1', '192.0.2.40', '2001:db8:40::25'],
    currentRevision: fakeRevision(name),
    runningRevision: fakeRevision(name),
    daemonAnswers: true,
    files: [],
    author: 'm.lindqvist',
    clientAddress: '192.0.2.200',
  };
}

function gatewayAnswers(world: World): Part<'gateway'> {
  const removed = new Map<string, FleetRow>();
  return {
    'gateway:scan-host-key': async ({ host }) => {
      await wait(500);
      if (host.includes('nowhere'))
        return failed('unreachable', `${host} port 22 does not answer.`, 'Check the name, the port and the way there.');
      return done(fakeHostKey(host, host.startsWith('old') ? 'new' : ''));
    },
    'gateway:try-sign-in': async ({ name, secret }) => {
      await wait(900);
      if (secret === 'wrong')
        return failed(
          'sign-in-failed',
          `${name} did not accept the password of postern-deploy.`,
          'Type it again, or sign in with a key.',
        );
      return done(hello(name));
    },
    'gateway:add': async ({ name }) => {
      world.rows.push({ ...fakeRow(name), lastPush: null });
      return done({});
    },
    'gateway:remove': async ({ name }) => {
      const row = world.rows.find((candidate) => candidate.name === name);
      world.rows = world.rows.filter((candidate) => candidate.name !== name);
      if (row !== undefined) removed.set(name, row);
      return done({ undo: fakeRevision(name).slice(0, 40) });
    },
    'gateway:restore': async ({ name }) => {
      const row = removed.get(name);
      if (row !== undefined) world.rows.push(row);
      return done({});
    },
    'gateway:pin-host-key': async ({ name, hostKey }) => {
      world.rows = world.rows.map((row) => (row.name === name ? { ...row, hostKeys: [hostKey] } : row));
      return done({});
    },
    'gateway:set-secret': async () => done({}),
    'gateway:update-ssh': async () => done({}),
  };
}
