// Connections are kept, and never kept too long.
import { afterEach, describe, expect, it } from 'vitest';
import { createConnectionPool, type ConnectionPool } from '../../../../electron/ssh/connection-pool.ts';
import type { SshTarget } from '../../../../electron/ssh/connect.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { startSsh2Server, type Ssh2Server } from '../../../support/ssh2-server.ts';

let server: Ssh2Server;
let pool: ConnectionPool;

afterEach(async () => {
  pool.close();
  await server.stop();
});

async function start(): Promise<SshTarget> {
  server = await startSsh2Server();
  pool = createConnectionPool();
  const { host, port, hostKey } = server;
  const credentials = { kind: 'password', password: 'x' } as const;
  return { name: 'mx1', address: { host, port, user: 'u' }, hostKeys: [hostKey], credentials };
}

describe('createConnectionPool', () => {
  it('makes one connection for many questions, also for those that come at once', async () => {
    const target = await start();

    const [first, second] = await Promise.all([pool.acquire(target), pool.acquire(target)]);
    const third = await pool.acquire(target);

    expect(first.ok && second.ok && third.ok && first.value === second.value && second.value === third.value).toBe(
      true,
    );
    expect(server.connections()).toBe(1);
  });

  it('connects anew after the link broke', async () => {
    const target = await start();
    const first = await pool.acquire(target);
    if (!first.ok) throw new Error(first.problem.message);
    const closed = new Promise<void>((resolve) => first.value.onClose(resolve));
    server.cut();
    await closed;

    const second = await pool.acquire(target);

    expect(second.ok && second.value.isOpen()).toBe(true);
    expect(server.connections()).toBe(2);
  });

  it('connects anew when the secret or the address changed', async () => {
    const target = await start();
    await pool.acquire(target);

    await pool.acquire({ ...target, credentials: { kind: 'password', password: 'y' } });

    expect(server.connections()).toBe(2);
  });

  it('keeps no failure: the next question tries again', async () => {
    const target = await start();
    const stranger = { ...target, hostKeys: [] };

    const first = await pool.acquire(stranger);
    const second = await pool.acquire(stranger);

    expect([first.ok, second.ok]).toEqual([false, false]);
    expect(server.connections()).toBe(2);
  });

  it('notices a link that went silent, within the time of three signs of life, and connects anew', async () => {
    const target = await start();
    const proxy = await startTcpProxy(server.port);
    const impatient = createConnectionPool({ keepaliveMilliseconds: 100 });
    const behind = { ...target, address: { ...target.address, port: proxy.port } };
    const first = await impatient.acquire(behind);
    if (!first.ok) throw new Error(first.problem.message);
    const closed = new Promise<void>((resolve) => first.value.onClose(resolve));

    const silentSince = performance.now();
    proxy.silence();
    await closed;
    const noticedAfter = performance.now() - silentSince;
    const second = await impatient.acquire(behind);

    expect(noticedAfter).toBeLessThan(10_000); // 0.3 s where nothing else runs; TCP alone takes minutes
    expect(second.ok && second.value.isOpen()).toBe(true);
    impatient.close();
    await proxy.close();
  });
});
