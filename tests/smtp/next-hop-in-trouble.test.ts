// A next hop that is away, silent, broken or lying: the client hears what it may do next, and keeps its message.
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePort } from '../support/free-port.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop } from '../support/smtp-next-hop.ts';

describe('a next hop in trouble', () => {
  const ask = async (gateway: TestGateway): Promise<string> => {
    const client = await greetedClient(gateway.port);
    const answer = await client.sendMail({});
    client.close();
    return answer;
  };

  it('that is not configured gives 451', async () => {
    const gateway = await startGateway({ nextHop: null });

    expect(await ask(gateway)).toMatch(/^451 4\.4\.4 No next hop is configured \(\w{8}\)/);
    await gateway.close();
  });

  it.each([
    ['refuses the connection', async () => ({ host: '127.0.0.1', port: await findFreePort() }), /^451 4\.4\.1 /],
    ['has a name that nobody knows', () => Promise.resolve({ host: 'nowhere.invalid', port: 25 }), /^451 4\.4\.1 /],
  ])('that %s gives 451', async (_, nextHop, expected) => {
    const gateway = await startGateway({ nextHop: await nextHop() });

    expect(await ask(gateway)).toMatch(expected);
    await gateway.close();
  });

  it('that is this gateway itself gives 554 before a message is sent', async () => {
    const port = await findFreePort();
    const gateway = await startGateway({ port, listenOn: { kind: 'all' }, nextHop: { host: '127.0.0.1', port } });

    expect(await ask(gateway)).toMatch(/^554 5\.4\.6 The next hop is this gateway itself/);
    await gateway.close();
  });

  it.each([
    ['never greets', { greeting: 'hang' }, /^451 4\.4\.2 /],
    ['hangs at EHLO', { EHLO: 'hang' }, /^451 4\.4\.2 /],
    ['hangs after the dot', { dot: 'hang' }, /^451 4\.4\.2 /],
    ['drops at MAIL', { MAIL: 'drop' }, /^451 4\.4\.2 /],
    ['drops at DATA', { DATA: 'drop' }, /^451 4\.4\.2 /],
    ['answers DATA with 250', { DATA: '250 2.0.0 fine' }, /^451 4\.5\.0 /],
    ['answers the dot with 354', { dot: '354 more please' }, /^451 4\.4\.0 /],
    ['defers the dot', { dot: '451 4.7.1 Greylisted' }, /^451 4\.7\.1 Greylisted/],
    ['answers without enhanced codes', { dot: '554 no thanks' }, /^554 5\.0\.0 no thanks/],
    ['mixes up classes', { dot: '554 2.0.0 odd' }, /^554 5\.0\.0 odd/],
  ])('that %s', async (_, reactions, expected) => {
    const hop = await startNextHop({ reactions });
    const gateway = await startGateway({ nextHop: hop.address, minuteMilliseconds: 40, idleTimeoutMinutes: 1000 });

    expect(await ask(gateway)).toMatch(expected);
    await gateway.close();
    await hop.close();
  });

  it('that takes no more data is given up after its time', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const replies = ['250 a', '250 b', '250 c', '354 d'];
      socket.write('220 a\r\n');
      socket.on('data', () => {
        const reply = replies.shift();
        if (reply) socket.write(`${reply}\r\n`);
        if (replies.length === 0) socket.pause();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const gateway = await startGateway({
      nextHop: { host: '127.0.0.1', port },
      minuteMilliseconds: 60,
      idleTimeoutMinutes: 1000,
    });
    const client = await greetedClient(gateway.port);

    const line = `${'x'.repeat(76)}\r\n`;
    expect(await client.sendMail({ body: `Subject: big\r\n\r\n${line.repeat(200_000)}` })).toMatch(/^451 4\.4\.2 /);
    await gateway.close();
    server.close();
  });
});
