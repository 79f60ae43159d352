import { describe, expect, it } from 'vitest';
import { scanHostKey } from '../../../../electron/ssh/scan-host-key.ts';
import { startSsh2Server } from '../../../support/ssh2-server.ts';

describe('scanHostKey', () => {
  it('reads the key and leaves before any sign-in', async () => {
    const server = await startSsh2Server();

    const scanned = await scanHostKey(server.host, server.port);
    await server.stop();

    expect(scanned).toEqual({ ok: true, value: server.hostKey });
    expect(server.hostKey.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(server.signIns).toEqual([]);
  });

  it('says that nothing is there', async () => {
    const server = await startSsh2Server();
    await server.stop();

    expect(await scanHostKey(server.host, server.port)).toMatchObject({ ok: false, problem: { code: 'unreachable' } });
  });
});
