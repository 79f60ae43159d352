// The listening sockets: which addresses, a port that is taken, and a change that loses no session.
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../support/free-port.ts';
import { connectSmtp, greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import type { GatewayWish } from '../support/smtp-release.ts';
import { startNextHop } from '../support/smtp-next-hop.ts';

describe('the listeners', () => {
  const gateways: TestGateway[] = [];
  const open = async (wish: GatewayWish): Promise<TestGateway> => {
    const gateway = await startGateway(wish);
    gateways.push(gateway);
    return gateway;
  };
  const holdPort = async (host: string): Promise<{ server: Server; port: number }> => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return { server, port };
  };
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  });

  it('loopback means 127.0.0.1 and ::1, nothing else', async () => {
    const gateway = await open({ listenOn: { kind: 'loopback' } });

    expect(await (await connectSmtp(gateway.port)).reply()).toMatch(/^220 /);
    expect(await (await connectSmtp(gateway.port, { host: '::1' })).reply()).toMatch(/^220 /);
    await expect(connectSmtp(gateway.port, { host: '127.0.0.2' })).rejects.toThrow(/ECONNREFUSED/);
    expect((await gateway.status()).listeners).toEqual([
      { address: '127.0.0.1', port: gateway.port },
      { address: '::1', port: gateway.port },
    ]);
  });

  it('all means every IPv4 and IPv6 address, and an IPv4 peer is never seen as mapped IPv6', async () => {
    const gateway = await open({ listenOn: { kind: 'all' }, deny: '127.0.0.2\n' });

    expect(await (await connectSmtp(gateway.port, { host: '127.0.0.3' })).reply()).toMatch(/^220 /);
    expect(await (await connectSmtp(gateway.port, { host: '::1' })).reply()).toMatch(/^220 /);
    expect(await (await connectSmtp(gateway.port, { from: '127.0.0.2' })).reply()).toMatch(/^554 /);
    expect(await (await connectSmtp(gateway.port, { host: '::ffff:127.0.0.1' })).reply()).toMatch(/^220 /);
  });

  it('moves to another port while a session on the old one goes on', async () => {
    const hop = await startNextHop();
    const gateway = await open({ nextHop: hop.address });
    const oldPort = gateway.port;
    const client = await greetedClient(oldPort);
    await client.say('MAIL FROM:<a@client.test>');
    await client.say('RCPT TO:<b@mx.test>');

    await gateway.push({ port: await findFreePort() });

    expect(await (await connectSmtp(gateway.port)).reply()).toMatch(/^220 /);
    await expect(connectSmtp(oldPort)).rejects.toThrow(/ECONNREFUSED/);
    expect(await client.say('DATA')).toMatch(/^354 /);
    client.write('Subject: x\r\n\r\nHello\r\n.\r\n');
    expect(await client.reply()).toMatch(/^250 /);
    await hop.close();
  });

  it('widens from loopback to all on the same port without a gap', async () => {
    const gateway = await open({ listenOn: { kind: 'selected', addresses: ['127.0.0.1'] } });
    let failures = 0;
    let goes = true;
    const knocking = (async () => {
      while (goes) {
        const client = await connectSmtp(gateway.port).catch(() => null);
        if (!client || !(await client.reply()).startsWith('220')) failures += 1;
        client?.close();
      }
    })();

    await gateway.push({ listenOn: { kind: 'all' } });
    await gateway.push({ listenOn: { kind: 'selected', addresses: ['127.0.0.1', '127.0.0.5'] } });
    goes = false;
    await knocking;

    expect(failures).toBeLessThanOrEqual(1); // the kernel may reset what waits in the queue of a closing socket
    expect(await (await connectSmtp(gateway.port, { host: '127.0.0.5' })).reply()).toMatch(/^220 /);
  });

  it('refuses a port that another program holds, names it, and goes on on the old one', async () => {
    const gateway = await open({});
    const { server, port } = await holdPort('127.0.0.1');

    const { answer } = await gateway.apply({ port });

    expect(answer).toMatchObject({ ok: false, problem: { code: 'port-taken' } });
    const message = answer.ok ? '' : answer.problem.message;
    expect(message).toContain(`Port ${port} is held by`);
    expect(message).toContain(`process ${process.pid}`);
    expect(await (await connectSmtp(gateway.port)).reply()).toMatch(/^220 /);
    server.close();
  });

  it('can-listen says the same without a switch, and calls its own port free', async () => {
    const gateway = await open({});
    const { server, port } = await holdPort('0.0.0.0');
    const ask = (wanted: number, addresses = ['127.0.0.1']) =>
      gateway.ask({
        ask: 'can-listen',
        interface: {
          listenOn: { kind: 'selected', addresses },
          port: wanted,
          idleTimeoutMinutes: 5,
          maxConnections: null,
        },
      });

    expect(await ask(port)).toMatchObject({ ok: false, problem: { code: 'port-taken' } });
    expect(await ask(gateway.port)).toMatchObject({ ok: true });
    expect(await ask(await findFreePort())).toMatchObject({ ok: true });
    expect(await ask(gateway.port, ['192.0.2.77'])).toMatchObject({ ok: false, problem: { code: 'address-missing' } });
    server.close();
  });

  it('two gateways never share a port unseen', async () => {
    const first = await open({});
    const second = await open({});

    const { answer } = await second.apply({ port: first.port });

    expect(answer).toMatchObject({ ok: false, problem: { code: 'port-taken' } });
  });

  it.each(['loopback', 'all'] as const)('%s on a host without IPv6 serves IPv4 and says so', async (kind) => {
    const gateway = await startGateway({ listenOn: { kind }, withoutIpv6: true });
    gateways.push(gateway);

    const status = await gateway.status();

    expect(status.notices).toEqual(['This host has no IPv6: only IPv4 is served.']);
    expect(status.listeners).toHaveLength(1);
    expect((await gateway.apply({ listenOn: { kind }, deny: '127.0.0.2\n' })).answer).toMatchObject({
      ok: true,
      value: { proof: { result: 'proved', listeners: [{ result: 'proved' }] } },
    });
  });
});
