import { once } from 'node:events';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findPortHolder } from '../../../../gateway-agent/daemon/find-port-holder.ts';
import { findFreePort } from '../../../support/free-port.ts';

describe.runIf(process.platform === 'linux')('findPortHolder', () => {
  it.each(['127.0.0.1', '::1'])('names the program and the user that listen on %s', async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const address = server.address();

    const holder = await findPortHolder(typeof address === 'object' && address ? address.port : 0);

    expect(holder).toContain(`process ${process.pid}`);
    expect(holder).toContain(`(user ${userInfo().username})`);
    server.close();
  });

  it('names nobody for a free port', async () => {
    expect(await findPortHolder(await findFreePort())).toBeNull();
  });
});
