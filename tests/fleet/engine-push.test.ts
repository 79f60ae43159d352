// The desktop's engine against real OpenSSH servers: what each end of a push looks like, and what it costs.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import type { PushProgress, PushResult } from '../../gateway-agent/contract/push.ts';
import { buildApply } from '../support/agent-requests.ts';
import { type SshdFleet, makeSshdFleet } from '../support/fleet-of-sshd.ts';
import { findFreePort } from '../support/free-port.ts';
import { readBanner } from '../support/read-banner.ts';
import { askOverSsh } from '../support/ssh-client.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { valueOf } from '../support/temporary-fleet.ts';

let first: SshdGateway;
let second: SshdGateway;
let fleet: SshdFleet;

beforeAll(async () => {
  first = await startSshdGateway();
  second = await startSshdGateway();
});
afterAll(async () => {
  await first.stop();
  await second.stop();
});

beforeEach(async () => {
  fleet = await makeSshdFleet({ confirmWithinSeconds: 6 });
});
afterEach(() => fleet.close());

/** Pushes one gateway and gives its end; `at` runs when a step reaches a state. */
async function push(name: string, at?: (progress: PushProgress) => void, engine = fleet.engine): Promise<PushResult> {
  const [ended] = await engine.push([name], { overwriteThere: true, ...(at === undefined ? {} : { onProgress: at }) });
  if (ended === undefined) throw new Error('The engine gave no result.');
  return ended.result;
}

/** Makes the gateway run something known, by a push of its own. */
async function settle(name: string, gateway: SshdGateway): Promise<string> {
  await fleet.edit(name, { port: gateway.smtpPort, maxConnections: null });
  const result = await push(name);
  expect(result.kind).toMatch(/^(applied|unchanged)$/);
  return 'revision' in result ? result.revision : '';
}

const runningRevision = async (name: string): Promise<string | null> =>
  valueOf(await fleet.newEngine().hello(name)).runningRevision;

describe('a push to a real OpenSSH server', () => {
  it('takes two handshakes, proves the listener from both sides, and is known to the fleet folder', async () => {
    await fleet.add('mx1', first);
    await fleet.edit('mx1', { port: first.smtpPort, maxConnections: 40 });
    const signIns = first.acceptedSignIns();

    const result = await push('mx1');

    expect(result).toMatchObject({
      kind: 'applied',
      proofs: { gateway: { result: 'proved' }, desktop: { result: 'proved' } },
    });
    expect(first.acceptedSignIns() - signIns).toBe(2);
    expect(valueOf(await fleet.folder.load('mx1')).lastPush).toMatchObject({ by: 'Anna' });
  });

  it('is unchanged the second time, over the kept connection', async () => {
    await fleet.add('mx1', first);
    await settle('mx1', first);
    const signIns = first.acceptedSignIns();

    expect(await push('mx1')).toMatchObject({ kind: 'unchanged' });
    expect(first.acceptedSignIns()).toBe(signIns);
  });

  it('expects its own refusal by a deny list, and calls that no proof of TLS', async () => {
    await fleet.add('mx1', first);
    await fleet.edit('mx1', { port: first.smtpPort, denyText: '127.0.0.1\n::1\n' });

    expect(await push('mx1')).toMatchObject({
      kind: 'applied',
      proofs: { gateway: { result: 'proved' }, desktop: { result: 'refused-as-expected' } },
    });
    expect(await readBanner('127.0.0.1', first.smtpPort)).toMatch(/^554 5\.7\.1/);
  });

  it('serves two gateways at once, each on its own', async () => {
    await fleet.add('mx1', first);
    await fleet.add('mx2', second);
    await fleet.edit('mx1', { port: first.smtpPort, maxConnections: 21 });
    await fleet.edit('mx2', { port: second.smtpPort, maxConnections: 22 });

    const ended = await fleet.engine.push(['mx1', 'mx2'], { overwriteThere: true });

    expect(ended.map(({ gateway, result }) => [gateway, result.kind])).toEqual([
      ['mx1', 'applied'],
      ['mx2', 'applied'],
    ]);
  });

  it('goes on where one gateway of two cannot be reached', async () => {
    await fleet.add('mx1', first);
    await fleet.add('mx2', second, { port: await findFreePort() });
    await fleet.edit('mx1', { port: first.smtpPort, maxConnections: 23 });

    const ended = await fleet.engine.push(['mx1', 'mx2'], { overwriteThere: true });

    expect(ended.map(({ result }) => result)).toMatchObject([
      { kind: 'applied' },
      { kind: 'unreachable', cause: 'network' },
    ]);
  });
});

describe('going back without the confirmation', () => {
  it('happens when the network dies after apply, and the push is called unknown', async () => {
    const proxy = await startTcpProxy(first.port);
    await fleet.add('mx1', first, { port: proxy.port });
    const before = await settle('mx1', first);
    await fleet.edit('mx1', { maxConnections: 31 });

    const result = await push('mx1', ({ step, state }) => {
      if (step === 'gateway-proof' && state === 'done') proxy.cut();
    });

    expect(result).toMatchObject({ kind: 'unknown', problem: { code: 'unreachable' } });
    proxy.mend();
    expect(await runningRevision('mx1')).toBe(before);
    await proxy.close();
  });

  it('is asked for when the connection broke in the middle of apply and can be made again', async () => {
    const proxy = await startTcpProxy(first.port);
    await fleet.add('mx1', first, { port: proxy.port });
    const before = await settle('mx1', first);
    await fleet.edit('mx1', { maxConnections: 32 });

    const result = await push('mx1', ({ step, state }) => {
      if (step !== 'store' || state !== 'running') return;
      proxy.cut();
      proxy.mend();
    });

    expect(result).toMatchObject({ kind: 'rolled-back', running: before });
    expect(await runningRevision('mx1')).toBe(before);
    await proxy.close();
  });

  it('happens when the daemon is killed while the push waits', async () => {
    await fleet.add('mx1', first);
    const before = await settle('mx1', first);
    await fleet.edit('mx1', { maxConnections: 33 });
    const restarts: Promise<void>[] = [];

    const result = await push('mx1', ({ step, state }) => {
      if (step !== 'gateway-proof' || state !== 'done' || restarts.length > 0) return;
      restarts.push(first.killDaemon().then(() => first.startDaemon()));
    });

    await Promise.all(restarts);
    expect(restarts).toHaveLength(1);
    expect(result).toMatchObject({ kind: 'rolled-back' });
    expect(await runningRevision('mx1')).toBe(before);
  });

  it('is what a cancel in the middle does', async () => {
    await fleet.add('mx1', first);
    const before = await settle('mx1', first);
    await fleet.edit('mx1', { maxConnections: 34 });
    const stop = new AbortController();

    const [ended] = await fleet.engine.push(['mx1'], {
      overwriteThere: true,
      signal: stop.signal,
      onProgress: ({ step, state }) => {
        if (step === 'gateway-proof' && state === 'done') stop.abort();
      },
    });

    expect(ended?.result).toMatchObject({ kind: 'rolled-back', problem: { code: 'cancelled' } });
    expect(await runningRevision('mx1')).toBe(before);
  });
});

describe('two that push to one gateway', () => {
  it('get in no other’s way: a push during a pending one is refused as busy, with whose it is', async () => {
    await fleet.add('mx1', first);
    const base = await settle('mx1', first);
    const other = buildApply({ port: first.smtpPort, base, maxConnections: 77 });
    await askOverSsh(first, other);
    await fleet.edit('mx1', { maxConnections: 41 });

    const result = await push('mx1');

    expect(result).toMatchObject({ kind: 'refused', problem: { code: 'busy', other: { author: 'tester' } } });
    await askOverSsh(first, { verb: 'abandon', protocol: 1, pushId: other.pushId });
  });

  it('of two desktops at once exactly one is applied', async () => {
    await fleet.add('mx1', first);
    await settle('mx1', first);
    await fleet.edit('mx1', { maxConnections: 42 });

    const ends = await Promise.all([fleet.engine, fleet.newEngine()].map((engine) => push('mx1', undefined, engine)));

    const kinds = ends.map(({ kind }) => kind).toSorted();
    expect(['applied,refused', 'applied,conflict', 'applied,unchanged']).toContain(kinds.join());
  });

  it('a change there since the last push is a conflict, and nothing is overwritten', async () => {
    await fleet.add('mx1', first);
    const base = await settle('mx1', first);
    const theirs = buildApply({ port: first.smtpPort, base, maxConnections: 78 });
    await askOverSsh(first, theirs);
    const revision = revisionOf(theirs.release.config);
    await askOverSsh(first, { verb: 'confirm', protocol: 1, pushId: theirs.pushId, revision });
    await fleet.edit('mx1', { maxConnections: 43 });

    const [ended] = await fleet.engine.push(['mx1']);

    expect(ended?.result).toMatchObject({ kind: 'conflict', expected: base, actual: revision });
    expect(await runningRevision('mx1')).toBe(revision);
  });
});

describe('a door that stays shut', () => {
  const password = 'correct horse battery staple';
  const attempts = (log: string): number => log.match(/userauth-request for user/g)?.length ?? 0;

  it('is named: nobody listens there', async () => {
    await fleet.add('mx1', first, { port: await findFreePort() });

    expect(await push('mx1')).toMatchObject({
      kind: 'unreachable',
      cause: 'network',
      problem: { code: 'unreachable' },
    });
  });

  it('is named: the password is wrong, and it is tried once', async () => {
    await fleet.add('mx1', second, { signIn: { kind: 'password' }, secret: password });
    const before = second.sshdLog().match(/Failed password/g)?.length ?? 0;

    expect(await push('mx1')).toMatchObject({
      kind: 'unreachable',
      cause: 'sign-in',
      problem: { code: 'sign-in-failed' },
    });
    expect((second.sshdLog().match(/Failed password/g)?.length ?? 0) - before).toBe(1);
    expect(attempts(second.sshdLog())).toBeGreaterThan(0);
  });

  it('is named: the host key is not known yet', async () => {
    await fleet.add('mx1', { ...second, hostKey: first.hostKey }, { signIn: { kind: 'password' }, secret: password });

    expect(await push('mx1')).toMatchObject({ kind: 'unreachable', cause: 'host-key' });
  });

  it('is named: the host key changed, and not one byte of a sign-in was sent', async () => {
    await fleet.add('mx1', second, { signIn: { kind: 'password' }, secret: password });
    const old = second.hostKey;
    const changed = await second.changeHostKey();
    const before = attempts(second.sshdLog());

    const result = await push('mx1');

    expect(result).toMatchObject({ kind: 'unreachable', cause: 'host-key', problem: { code: 'host-key-changed' } });
    expect(JSON.stringify(result)).toContain(old.fingerprint);
    expect(JSON.stringify(result)).toContain(changed.fingerprint);
    expect(attempts(second.sshdLog())).toBe(before);
  });
});
