// Pushes of the fake fleet: steps with delays, and every way in which a push can end.
import type { PushProgress, PushResult, PushStep } from '#contract/push';
import type { Draft, EventData, EventName } from '#ipc';
import { fakeDocument, fakeRevision } from './fake-fleet.ts';
import type { GatewayReview } from '#contract/push';
import type { Finding } from '#contract/replies';
import type { Change } from '#contract/difference';

type Emit = <E extends EventName>(event: E, data: EventData<E>) => void;

const steps: [PushStep, number, string][] = [
  ['connect', 420, 'key of ssh-agent, host key pinned'],
  ['check', 310, 'no errors'],
  ['store', 90, '3 files, 1 sent'],
  ['switch', 240, 'port 25 on 2 addresses'],
  ['gateway-proof', 180, 'banner, TLSv1.3, fingerprint 3F:A9:11:…'],
  ['desktop-proof', 260, '192.0.2.40 port 25, TLSv1.3'],
  ['confirm', 350, 'over a new connection'],
];

const failsAt: Record<string, PushStep> = {
  mx3: 'connect',
  'edge-fra-1': 'check',
  'edge-fra-2': 'gateway-proof',
  'edge-ams-1': 'check',
  lab: 'confirm',
  old: 'connect',
};

/** A push that went well. */
export function fakeApplied(name: string): PushResult {
  const listener = {
    address: '0.0.0.0',
    port: 25,
    result: 'proved' as const,
    banner: '220',
    tlsVersion: 'TLSv1.3',
    milliseconds: 21,
  };
  return {
    kind: 'applied',
    revision: fakeRevision(`${name} next`),
    pushId: crypto.randomUUID(),
    proofs: {
      gateway: { result: 'proved', listeners: [listener, { ...listener, address: '::' }] },
      desktop: { result: 'proved', address: '192.0.2.40', port: 25, tlsVersion: 'TLSv1.3' },
    },
    difference: [],
    findings: [],
  };
}

/** How the push of this gateway ends. */
export function fakeEnding(name: string, overwriteThere = false): PushResult {
  switch (name) {
    case 'mx1':
      return { kind: 'unchanged', revision: fakeRevision(name) };
    case 'mx3':
      return {
        kind: 'unreachable',
        cause: 'network',
        problem: {
          code: 'unreachable',
          message: 'mx3.example.net port 22 does not answer (timed out after 10 seconds).',
        },
      };
    case 'old':
      return {
        kind: 'unreachable',
        cause: 'host-key',
        problem: {
          code: 'host-key-changed',
          message: 'The key shown is not the one that is pinned. Postern stopped before it signed in.',
        },
      };
    case 'edge-fra-1':
      return {
        kind: 'refused',
        problem: {
          code: 'port-taken',
          message: 'Port 2525 is held by another program (postfix, pid 812).',
          hint: 'Stop it or choose another port.',
        },
        findings: [],
      };
    case 'edge-fra-2':
      return {
        kind: 'rolled-back',
        running: fakeRevision(name),
        problem: {
          code: 'proof-failed',
          message: 'The listener on :: port 25 showed another certificate than the one configured.',
        },
      };
    case 'edge-ams-1':
      if (overwriteThere) return fakeApplied(name);
      return {
        kind: 'conflict',
        expected: fakeRevision(name),
        actual: fakeRevision(`${name} there`),
        problem: {
          code: 'conflict',
          message: 'The gateway runs another revision.',
          other: { revision: fakeRevision(`${name} there`), author: 'j.novak', at: new Date().toISOString() },
        },
      };
    case 'lab':
      return {
        kind: 'unknown',
        pushId: crypto.randomUUID(),
        problem: {
          code: 'unreachable',
          message: 'The connection to lab.example.org broke and could not be opened again for 90 seconds.',
        },
      };
    default:
      return fakeApplied(name);
  }
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One gateway's push; emits its steps. */
export async function fakePush(
  emit: Emit,
  run: { runId: string; name: string; overwriteThere: boolean; isCancelled: () => boolean },
): Promise<PushResult> {
  const { runId, name } = run;
  const stop = name === 'edge-ams-1' && run.overwriteThere ? undefined : failsAt[name];
  for (const [step, milliseconds, detail] of steps) {
    if (run.isCancelled() && (step === 'connect' || step === 'check')) {
      return {
        kind: 'unreachable',
        cause: 'cancelled',
        problem: { code: 'cancelled', message: 'You cancelled the push.' },
      };
    }
    const say = (part: Partial<PushProgress> & Pick<PushProgress, 'state'>): void =>
      emit('push:progress', { runId, progress: { gateway: name, step, ...part } });
    say({ state: 'running' });
    await wait(milliseconds * (1 + Math.random()));
    if (step === stop) {
      say({ state: 'failed', milliseconds });
      break;
    }
    if (name === 'mx1' && step === 'store') {
      say({ state: 'skipped', detail: 'runs already' });
      break;
    }
    say({ state: 'done', milliseconds, detail });
  }
  return fakeEnding(name, run.overwriteThere);
}

function entry(
  change: Omit<Change, 'before' | 'after'>,
  before: string | number | null,
  after: string | number | null,
): Change[] {
  const words = (value: string | number | null): string => (value === null ? 'No limit' : String(value));
  return JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [{ ...change, before: words(before), after: words(after) }];
}

function compare(before: Draft, after: Draft): Change[] {
  const a = before.settings;
  const b = after.settings;
  const lines = (text: string): string[] => text.split('\n').filter(Boolean);
  const was = new Set(lines(before.denyText));
  const is = new Set(lines(after.denyText));
  const added = [...is].filter((line) => !was.has(line));
  const removed = [...was].filter((line) => !is.has(line));
  return [
    ...entry(
      {
        section: 'SMTP Interface',
        field: 'connections.interface.port',
        label: 'Port',
        note: 'New connections only; 412 open ones go on.',
      },
      a.connections.interface.port,
      b.connections.interface.port,
    ),
    ...entry(
      { section: 'SMTP Interface', field: 'connections.interface.maxConnections', label: 'Simultaneous connections' },
      a.connections.interface.maxConnections,
      b.connections.interface.maxConnections,
    ),
    ...entry(
      { section: 'Connection Control', field: 'connections.control.mode', label: 'Connection control' },
      a.connections.control.mode === 'accept-except' ? 'Accept all, except the list' : 'Deny all, except the list',
      b.connections.control.mode === 'accept-except' ? 'Accept all, except the list' : 'Deny all, except the list',
    ),
    ...(added.length + removed.length === 0
      ? []
      : [
          {
            section: 'Connection Control' as const,
            field: 'connections.control.denyList',
            label: 'Deny list',
            before: `${was.size} entries`,
            after: `+ ${added.length}, − ${removed.length}`,
            added: added.slice(0, 200),
            removed: removed.slice(0, 200),
          },
        ]),
    ...entry(
      { section: 'SMTP', field: 'smtp.greetingName', label: 'Greeting name' },
      a.smtp.greetingName ?? 'The name of the host',
      b.smtp.greetingName ?? 'The name of the host',
    ),
    ...entry(
      { section: 'Message Rule', field: 'messageRule.relayDomains', label: 'Relay domains' },
      a.messageRule.relayDomains.join(', '),
      b.messageRule.relayDomains.join(', '),
    ),
  ];
}

const waiting: Change[] = [
  {
    section: 'SMTP Interface',
    field: 'connections.interface.port',
    label: 'Port',
    before: '25',
    after: '2525',
    note: 'New connections only; 388 open ones go on.',
  },
  {
    section: 'SMTP Interface',
    field: 'connections.interface.maxConnections',
    label: 'Simultaneous connections',
    before: 'No limit',
    after: '1000',
  },
  {
    section: 'Connection Control',
    field: 'connections.control.denyList',
    label: 'Deny list',
    before: '6,003 entries',
    after: '+ 3, − 1',
    added: ['192.0.2.128/25', '203.0.113.9 # scanner', '2001:db8:77::/48'],
    removed: ['198.51.100.7'],
  },
  {
    section: 'Transport Layer Security',
    field: 'connections.tls.certificate',
    label: 'SMTP server certificate',
    before: 'CN=mx.example.net, expires in 12 days',
    after: 'CN=mx.example.net, expires in 364 days',
  },
];

/** What a push of this draft would do. */
export function fakeReview(name: string, draft: Draft): GatewayReview {
  const saved = fakeDocument(name).draft;
  const changes = compare(saved, draft);
  const findings: Finding[] = [];
  if (draft.settings.connections.control.mode === 'deny-except' && draft.permitText.trim() === '')
    findings.push({
      severity: 'warning',
      code: 'permit-list-empty',
      field: 'connections.control.permitList',
      message: '“Deny all” with an empty list would refuse every client.',
    });
  if (draft.settings.connections.interface.idleTimeoutMinutes < 5)
    findings.push({
      severity: 'warning',
      code: 'idle-timeout-short',
      message: 'RFC 5321 asks a server to wait at least 5 minutes; slow senders will be cut.',
    });
  if (name === 'edge-ams-1')
    findings.push({
      severity: 'error',
      code: 'key-mismatch',
      field: 'connections.tls.privateKey',
      message: 'The private key does not match the server certificate.',
      hint: 'Upload the key that belongs to CN=edge-ams-1.example.net.',
    });
  const isDown = name === 'mx3' || name === 'old';
  return {
    gateway: name,
    judgedBy: isDown ? 'desktop' : 'gateway',
    problem: isDown
      ? { code: 'unreachable', message: `${name} does not answer, so it could not check the port and its own files.` }
      : null,
    revision: fakeRevision(`${name} next`),
    baseRevision: fakeRevision(name),
    runningRevision: name === 'edge-fra-1' ? fakeRevision(`${name} there`) : fakeRevision(name),
    difference: changes.length > 0 ? changes : name === 'mx1' ? [] : waiting,
    findings,
  };
}
