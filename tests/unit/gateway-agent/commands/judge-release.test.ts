import { describe, expect, it } from 'vitest';
import { judgeRelease } from '../../../../gateway-agent/commands/judge-release.ts';
import type { DaemonConnection } from '../../../../gateway-agent/store/daemon-client.ts';
import { buildTestRelease } from '../../../support/test-release.ts';

const free: DaemonConnection = { ask: async () => ({ ok: true, value: null }), close: () => undefined };
const taken: DaemonConnection = {
  ask: async () => ({ ok: false, problem: { code: 'port-taken', message: 'Port 2525 is held by exim4.' } }),
  close: () => undefined,
};
const judges = {
  daemon: free,
  hostName: 'mx.example.net',
  ownAddresses: ['198.51.100.7'],
  now: new Date('2026-11-24'),
};

describe('judgeRelease', () => {
  it('refuses nothing in a plain release', async () => {
    expect((await judgeRelease(buildTestRelease({ deny: '192.0.2.0/24\n' }), judges)).refusal).toBeNull();
  });

  it('names each refused line of a list, and counts those beyond a hundred', async () => {
    const release = buildTestRelease({ deny: `192.0.2.1\n${'mx.example.net\n'.repeat(150)}` });

    const { findings, refusal } = await judgeRelease(release, judges);

    const lines = findings.filter(({ code }) => code === 'list-rejected');
    expect(lines).toHaveLength(101);
    expect(lines[0]?.message).toMatch(/^lists\/deny\.txt, line 2: /);
    expect(lines.at(-1)?.message).toBe('lists/deny.txt: 50 more lines are refused.');
    expect(refusal).toMatchObject({
      code: 'list-rejected',
      message: expect.stringContaining('And 100 more.') as string,
    });
  });

  it('passes on what the daemon found at the port', async () => {
    const { findings, refusal } = await judgeRelease(buildTestRelease(), { ...judges, daemon: taken });

    expect(findings[0]).toMatchObject({ severity: 'error', field: 'connections.interface.port' });
    expect(refusal).toMatchObject({ code: 'port-taken', message: 'Port 2525 is held by exim4.' });
  });

  it('refuses a route that leads to an address of the gateway itself', async () => {
    const release = buildTestRelease({ port: 2525 });
    const { messageDelivery, connections } = release.config;
    const config = {
      ...release.config,
      connections: { ...connections, interface: { ...connections.interface, listenOn: { kind: 'all' as const } } },
      messageDelivery: { ...messageDelivery, nextHop: { host: '198.51.100.7', port: 2525 } },
    };

    const { refusal } = await judgeRelease({ ...release, config }, judges);

    expect(refusal).toMatchObject({ code: 'config-rejected', findings: [{ code: 'relay-to-itself' }] });
  });

  it('says that nobody could try the port while the daemon is down', async () => {
    const { refusal } = await judgeRelease(buildTestRelease(), { ...judges, daemon: null });

    expect(refusal).toMatchObject({ code: 'daemon-down' });
  });
});
