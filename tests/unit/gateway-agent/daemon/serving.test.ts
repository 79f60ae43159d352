import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayProof } from '../../../../gateway-agent/contract/replies.ts';
import { buildPeerPolicies } from '../../../../gateway-agent/daemon/build-peer-policies.ts';
import { idleSettings } from '../../../../gateway-agent/daemon/build-runtime.ts';
import { SelfProbe } from '../../../../gateway-agent/daemon/probe-listener.ts';
import { Serving } from '../../../../gateway-agent/daemon/serving.ts';
import { Delivery } from '../../../../gateway-agent/delivery/delivery.ts';
import { systemMailResolver } from '../../../../gateway-agent/delivery/find-servers.ts';
import { admitSocket } from '../../../../gateway-agent/smtp/door.ts';
import { GatewayServer } from '../../../../gateway-agent/smtp/gateway-server.ts';
import { ListenerSet } from '../../../../gateway-agent/smtp/listener-set.ts';
import { opened, queueFolder } from '../../../support/queue-folder.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { connectSmtp } from '../../../support/smtp-client.ts';
import { buildRelease } from '../../../support/smtp-release.ts';

/** Fails as soon as it is told to. */
class BreakableProbe extends SelfProbe {
  isBroken = false;

  override async prove(...what: Parameters<SelfProbe['prove']>): Promise<GatewayProof> {
    const proof = await super.prove(...what);
    return this.isBroken ? { ...proof, result: 'failed', reason: 'broken on purpose' } : proof;
  }
}

describe('Serving', () => {
  const probe = new BreakableProbe();
  let listeners: ListenerSet;
  let folder: ReturnType<typeof queueFolder>;
  let serving: Serving;
  beforeEach(() => {
    folder = queueFolder();
    const queue = opened(folder.path);
    const reports = { record: () => undefined, greeted: () => undefined };
    const server = new GatewayServer(idleSettings(60_000), { reports, intake: queue });
    listeners = new ListenerSet((socket) => admitSocket(socket, server, (...end) => probe.isOwn(...end)));
    serving = new Serving({
      server,
      listeners,
      probe,
      delivery: new Delivery(queue, reports),
      resolver: systemMailResolver(),
      minuteMilliseconds: 60_000,
      notice: () => undefined,
      peerPolicies: buildPeerPolicies({
        root: folder.path,
        minuteMilliseconds: 60_000,
        notice: () => undefined,
        report: () => undefined,
      }),
    });
    probe.isBroken = false;
  });
  afterEach(() => {
    listeners.close();
    folder[Symbol.dispose]();
  });
  const greetingOf = async (port: number, from = '127.0.0.1'): Promise<string> => {
    const client = await connectSmtp(port, { from });
    const reply = await client.reply();
    client.close();
    return reply;
  };

  it('goes back to what ran before when the proof fails: listener, lists and revision', async () => {
    const [before, after] = [await findFreePort(), await findFreePort()];
    const good = buildRelease({ port: before });
    expect(await serving.serve(good, true)).toMatchObject({ ok: true, value: { proof: { result: 'proved' } } });

    probe.isBroken = true;
    const served = await serving.serve(buildRelease({ port: after, deny: '127.0.0.2\n' }), true);

    expect(served).toMatchObject({ ok: false, problem: { code: 'proof-failed' } });
    expect(served.ok ? '' : served.problem.message).toContain('broken on purpose');
    expect(serving.running?.revision).toBe(good.revision);
    expect(listeners.endpoints).toEqual([{ address: '127.0.0.1', port: before }]);
    expect(await greetingOf(before, '127.0.0.2')).toMatch(/^220 /);
    await expect(connectSmtp(after)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('serves nothing again when the very first proof fails', async () => {
    const port = await findFreePort();
    probe.isBroken = true;

    const served = await serving.serve(buildRelease({ port }), true);

    expect(served.ok).toBe(false);
    expect(serving.running).toBeNull();
    await expect(connectSmtp(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('serves what is confirmed without a proof', async () => {
    const port = await findFreePort();
    probe.isBroken = true;

    expect(await serving.serve(buildRelease({ port }), false)).toMatchObject({ ok: true });

    expect(await greetingOf(port)).toMatch(/^220 gateway\.test /);
  });

  it('refuses a release whose list has a line that is no entry, before anything is touched', async () => {
    const port = await findFreePort();

    expect(await serving.serve(buildRelease({ port, deny: 'not an address\n' }), true)).toMatchObject({
      ok: false,
      problem: { code: 'list-rejected' },
    });
    expect(listeners.endpoints).toEqual([]);
  });
});
