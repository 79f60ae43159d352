// Pushes in waves to real OpenSSH servers with real agents: whatever happens on the way, each gateway's end is told as
// the gateway itself tells it.
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRollouts, type Rollouts } from '../../electron/fleet/rollout/rollouts.ts';
import type { RolloutListener } from '../../electron/fleet/rollout/run-rollout.ts';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import type { PushProgress } from '../../gateway-agent/contract/push.ts';
import { RolloutOptions, type Rollout } from '../../gateway-agent/contract/rollout.ts';
import { buildApply } from '../support/agent-requests.ts';
import { buildCommand, type BuiltCommand } from '../support/built-command.ts';
import { type SshdFleet, makeSshdFleet } from '../support/fleet-of-sshd.ts';
import { askOverSsh } from '../support/ssh-client.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { temporaryFolder, valueOf } from '../support/temporary-fleet.ts';

const names = ['mx1', 'mx2', 'mx3', 'mx4', 'mx5', 'mx6'];
let gateways: Map<string, SshdGateway>;
let proxies: Map<string, TcpProxy>;
let fleet: SshdFleet;
let rolloutFolder: string;
let maxConnections = 100;

const gatewayOf = (name: string): SshdGateway => {
  const gateway = gateways.get(name);
  if (gateway === undefined) throw new Error(`no gateway ${name}`);
  return gateway;
};

beforeAll(async () => {
  const started = await Promise.all(names.map(async (name) => [name, await startSshdGateway()] as const));
  gateways = new Map(started);
  proxies = new Map(
    await Promise.all(started.map(async ([name, { port }]) => [name, await startTcpProxy(port)] as const)),
  );
  fleet = await makeSshdFleet();
  for (const name of names) {
    await fleet.add(name, gatewayOf(name), { port: proxies.get(name)?.port ?? 0 });
    await fleet.edit(name, { port: gatewayOf(name).smtpPort, maxConnections });
  }
  const settled = await fleet.engine.push(names);
  const stray = settled.find(({ result }) => result.kind !== 'applied');
  if (stray !== undefined)
    throw new Error(`${stray.gateway} did not start as it should: ${JSON.stringify(stray.result)}`);
}, 60_000);
afterAll(async () => {
  await fleet.close();
  await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
  await Promise.all([...gateways.values()].map((gateway) => gateway.stop()));
});

/** Every gateway has something new to get. */
beforeEach(async () => {
  rolloutFolder = await temporaryFolder();
  maxConnections += 1;
  for (const name of names) await fleet.edit(name, { port: gatewayOf(name).smtpPort, maxConnections });
});
afterEach(() => {
  for (const proxy of proxies.values()) proxy.mend();
});

const openHere = (listener: RolloutListener = {}, engine = fleet.engine): Rollouts =>
  openRollouts({ folder: rolloutFolder, fleetFolder: fleet.path, author: 'Anna', engine, listener });

async function run(options: Partial<RolloutOptions>, rollouts = openHere()): Promise<Rollout> {
  const { id } = valueOf(await rollouts.start(RolloutOptions.parse({ names, ...options })));
  return valueOf(await rollouts.wait(id));
}

const kinds = ({ members }: Rollout): string[] =>
  members.map(({ gateway, state, result }) => `${gateway} ${result?.kind ?? state}`);

/** What a gateway says itself, by OpenSSH's own client and past the proxy. */
async function runningOf(name: string): Promise<unknown> {
  const last = (await askOverSsh(gatewayOf(name), { verb: 'status', protocol: 1 })).at(-1);
  return last !== undefined && 'value' in last ? (last.value as { runningRevision: unknown }).runningRevision : null;
}

describe('a rollout over real OpenSSH servers', () => {
  it('stops at a canary that refuses, and touches no other gateway', async () => {
    const holder = createServer().listen(0);
    const address = holder.address();
    await fleet.edit('mx1', { port: typeof address === 'object' && address !== null ? address.port : 0 });
    const before = await runningOf('mx2');

    const rollout = await run({ canary: 1, maxFailures: 3 });

    holder.close();
    expect(rollout).toMatchObject({ state: 'stopped', because: expect.stringContaining('mx1') });
    expect(kinds(rollout)).toEqual(['mx1 refused', ...names.slice(1).map((name) => `${name} waiting`)]);
    expect(await runningOf('mx2')).toBe(before);
  });

  it('tells the truth of gateways that die before apply, after apply and before the confirmation', async () => {
    const before = new Map(await Promise.all(names.map(async (name) => [name, await runningOf(name)] as const)));
    const restarts: Promise<void>[] = [];
    const restart = (name: string) =>
      restarts.push(
        gatewayOf(name)
          .killDaemon()
          .then(() => gatewayOf(name).startDaemon()),
      );
    const deaths: Record<string, { at: string; how: (name: string) => void }> = {
      mx1: { at: 'connect done', how: (name) => proxies.get(name)?.cut() },
      mx2: { at: 'switch running', how: (name) => proxies.get(name)?.cut() },
      mx3: { at: 'gateway-proof done', how: (name) => proxies.get(name)?.cut() },
      mx4: { at: 'gateway-proof done', how: restart },
      mx5: { at: 'confirm running', how: (name) => proxies.get(name)?.cut() },
    };
    const onProgress = (_id: string, { gateway, step, state }: PushProgress) => {
      const death = deaths[gateway];
      if (death?.at !== `${step} ${state}`) return;
      death.how(gateway);
      delete deaths[gateway];
    };

    const impatient = fleet.newEngine({ confirmWithinSeconds: 4 }); // who cannot be reached goes back by this timer
    const rollout = await run({ canary: 0, batch: 6, maxFailures: 6 }, openHere({ onProgress }, impatient));

    await Promise.all(restarts);
    expect(Object.keys(deaths)).toEqual([]);
    expect(kinds(rollout).slice(3)).toEqual(['mx4 rolled-back', 'mx5 unknown', 'mx6 applied']);
    for (const { gateway, result, revision } of rollout.members) {
      // Whoever was not confirmed has gone back by now: by its own timer where nobody could reach it.
      const expected = result?.kind === 'applied' ? revision : before.get(gateway);
      expect([gateway, result?.kind, await runningOf(gateway)]).toEqual([gateway, result?.kind, expected]);
      if (gateway === 'mx1') expect(['unreachable', 'unknown']).toContain(result?.kind);
      if (gateway === 'mx2' || gateway === 'mx3') expect(result?.kind).toBe('unknown');
    }
  });

  it('goes on past a conflict, and leaves what somebody else pushed there', async () => {
    const base = await runningOf('mx2');
    const theirs = buildApply({ port: gatewayOf('mx2').smtpPort, base: String(base), maxConnections: 7 });
    await askOverSsh(gatewayOf('mx2'), theirs);
    const revision = revisionOf(theirs.release.config);
    await askOverSsh(gatewayOf('mx2'), { verb: 'confirm', protocol: 1, pushId: theirs.pushId, revision });

    const rollout = await run({ maxFailures: 2 });

    expect(rollout.state).toBe('finished');
    expect(kinds(rollout).filter((kind) => !kind.endsWith('applied'))).toEqual(['mx2 conflict']);
    expect(await runningOf('mx2')).toBe(revision);
    expect(kinds(await run({ names: ['mx2'], overwriteThere: true }))).toEqual(['mx2 applied']);
  });

  it('pushes only those that failed when it is tried again', async () => {
    proxies.get('mx4')?.cut();
    const rollouts = openHere();
    const first = await run({ maxFailures: 2 }, rollouts);
    expect(kinds(first)).toContain('mx4 unreachable');
    proxies.get('mx4')?.mend();
    const signIns = gatewayOf('mx5').acceptedSignIns();

    const { id } = valueOf(await rollouts.retry(first.id));
    const second = valueOf(await rollouts.wait(id));

    expect(kinds(second)).toEqual(['mx4 applied']);
    expect(gatewayOf('mx5').acceptedSignIns()).toBe(signIns);
  });

  it('pushes nobody whose settings were saved again after it was started', async () => {
    const rollouts = openHere();
    const paused = await run({ canary: 1, pausesAfterCanary: true }, rollouts);
    await fleet.edit('mx2', { maxConnections: 9 });

    valueOf(await rollouts.resume(paused.id));
    const rollout = valueOf(await rollouts.wait(paused.id));

    const [, second] = rollout.members;
    expect(second?.result).toMatchObject({ kind: 'unreachable', cause: 'desktop' });
    expect(kinds(rollout)).toContain('mx1 applied');
  });
});

describe('postern push in waves', () => {
  let postern: BuiltCommand;
  beforeAll(async () => {
    postern = await buildCommand();
  });
  afterAll(() => postern.remove());

  /** Kills it as soon as so many gateways have ended. */
  async function pushAndKill(after: number): Promise<void> {
    const child = postern.start(['push', '--fleet', fleet.path, '--canary', '1', '--batch', '5']);
    let told = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        if ((told.match(/ of 6\)/g)?.length ?? 0) >= after) child.kill('SIGKILL');
      });
      child.on('exit', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`${code}: ${told}`))));
    });
  }

  it('killed in the middle, is gone on with truthfully: nobody is pushed twice without need', async () => {
    await pushAndKill(2);
    const list = await postern.run(['rollout', 'list', '--fleet', fleet.path, '--json']);
    const { rollouts } = JSON.parse(list.stdout) as { rollouts: { id: string; state: string }[] };
    expect(rollouts).toMatchObject([{ state: 'interrupted' }]);
    const id = rollouts[0]?.id ?? '';
    const show = await postern.run(['rollout', 'show', id, '--fleet', fleet.path, '--json']);
    const { gateways: then } = JSON.parse(show.stdout) as {
      gateways: { gateway: string; state: string; pushId: string }[];
    };

    const resumed = await postern.run(['rollout', 'resume', id.slice(0, 8), '--fleet', fleet.path, '--json']);

    expect(resumed).toMatchObject({ status: 0 });
    const end = JSON.parse(resumed.stdout) as {
      rollout: { state: string };
      gateways: { gateway: string; pushId: string; result: { kind: string; revision: string } }[];
    };
    expect(end.rollout.state).toBe('finished');
    for (const { gateway, pushId, result } of end.gateways) {
      expect(await runningOf(gateway)).toBe(result.revision);
      const earlier = then.find((each) => each.gateway === gateway);
      if (earlier?.state === 'ended') expect(pushId).toBe(earlier.pushId);
    }
  });
});
