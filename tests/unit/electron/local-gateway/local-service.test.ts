// "Try it on this computer" as one act, with a local gateway that is only pretended.
import { describe, expect, it } from 'vitest';
import type { LocalGateway } from '../../../../electron/local-gateway/local-gateway.ts';
import { createLocalService, localGatewayName } from '../../../../electron/local-gateway/local-service.ts';
import { GatewayRecord, SshAddress, type HostKey } from '../../../../gateway-agent/contract/fleet.ts';
import { done, failed } from '../../../../gateway-agent/contract/outcome.ts';
import type { PushResult } from '../../../../gateway-agent/contract/push.ts';

const applied: PushResult = { kind: 'unchanged', revision: 'a'.repeat(64) };

const portTaken: PushResult = {
  kind: 'refused',
  problem: { code: 'port-taken', message: 'Port 2525 is held.' },
  findings: [],
};

/** `pushes`: how one after the other ends; the last one stands for all that follow. */
function pretend(options: { pushes?: PushResult[]; before?: GatewayRecord } = {}) {
  const records = new Map<string, GatewayRecord>();
  if (options.before !== undefined) records.set(localGatewayName, options.before);
  const pushes = [...(options.pushes ?? [])];
  let started = 0;
  let closed = 0;
  const service = createLocalService({
    startGateway: () => {
      started += 1;
      return Promise.resolve(done(gatewayNumber(started, () => (closed += 1))));
    },
    fleet: () => ({
      load: (name) => {
        const record = records.get(name);
        return Promise.resolve(record === undefined ? failed('not-found', 'none') : done(record));
      },
      save: (name, record) => Promise.resolve(done(records.set(name, record))),
      push: () => Promise.resolve((pushes.length > 1 ? pushes.shift() : pushes[0]) ?? applied),
    }),
  });
  return { service, records, started: () => started, closed: () => closed };
}

function gatewayNumber(number: number, onClose: () => void): LocalGateway {
  const hostKey: HostKey = { type: 'ssh-ed25519', key: 'AAAA', fingerprint: `SHA256:${String(number).repeat(43)}` };
  return {
    ssh: SshAddress.parse({ host: '127.0.0.1', port: 40_000 + number, signIn: { kind: 'key', file: '/key' } }),
    hostKey,
    smtpPort: 2524 + number,
    sink: { port: 30_000 + number, count: () => 0, envelopes: () => [], close: () => Promise.resolve() },
    pid: 1,
    ended: new Promise(() => undefined),
    close: () => Promise.resolve(onClose()),
  };
}

describe('createLocalService', () => {
  it('starts one gateway however often it is asked, and puts it into the fleet', async () => {
    const { service, records, started, closed } = pretend();

    const [first, second] = await Promise.all([service.start(() => undefined), service.start(() => undefined)]);
    const third = await service.start(() => undefined);
    await service.close();

    expect([first, second, third]).toEqual(Array.from({ length: 3 }, () => done({ name: localGatewayName })));
    expect([started(), closed()]).toEqual([1, 1]);
    expect(records.get(localGatewayName)).toMatchObject({
      isLocal: true,
      settings: { connections: { interface: { listenOn: { kind: 'loopback' }, port: 2525 } } },
    });
  });

  it('keeps what the operator set in an earlier start, with the new ports and keys', async () => {
    const before = GatewayRecord.parse({
      isLocal: true,
      ssh: { host: '127.0.0.1', port: 1 },
      lastPush: { revision: 'b'.repeat(64), at: 'then', by: 'somebody', pushId: 'x' },
      settings: { messageRule: { relayDomains: ['kept.test'] }, connections: { interface: { port: 9 } } },
    });
    const { service, records } = pretend({ before });

    await service.start(() => undefined);

    expect(records.get(localGatewayName)).toMatchObject({
      ssh: { port: 40_001 },
      lastPush: null,
      settings: { messageRule: { relayDomains: ['kept.test'] }, connections: { interface: { port: 2525 } } },
    });
  });

  it('leaves a real gateway of that name alone', async () => {
    const { service, records } = pretend({ before: GatewayRecord.parse({ ssh: { host: 'mx1.test' } }) });

    expect(await service.start(() => undefined)).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(records.get(localGatewayName)?.ssh.host).toBe('mx1.test');
  });

  it('takes another port where somebody was quicker', async () => {
    const { service, records, started, closed } = pretend({ pushes: [portTaken, applied] });

    expect(await service.start(() => undefined)).toEqual(done({ name: localGatewayName }));
    expect([started(), closed()]).toEqual([2, 1]);
    expect(records.get(localGatewayName)).toMatchObject({ settings: { connections: { interface: { port: 2526 } } } });
  });

  it('leaves a gateway that was running already as it is when its port is taken now', async () => {
    const { service, started, closed } = pretend({ pushes: [applied, portTaken] });
    await service.start(() => undefined);

    expect(await service.start(() => undefined)).toMatchObject({ ok: false, problem: { code: 'port-taken' } });
    expect([started(), closed()]).toEqual([1, 0]);
  });

  it('passes on why the first push did not end well, after three ports', async () => {
    const { service, started } = pretend({ pushes: [portTaken] });

    expect(await service.start(() => undefined)).toMatchObject({ ok: false, problem: { code: 'port-taken' } });
    expect(started()).toBe(3);
  });
});
