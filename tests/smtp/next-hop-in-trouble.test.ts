// A next hop that refuses, hangs, drops, lies or cannot be trusted: nothing that was answered 250 is lost, and a bounce
// goes out only where the next hop itself said a final no to this message.
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../support/free-port.ts';
import { createCa, type TestCa } from '../support/smtp-certificates.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import type { GatewayWish } from '../support/smtp-release.ts';
import { startNextHop, type NextHopWish } from '../support/smtp-next-hop.ts';

/** Time-outs of the next hop pass 1,200 times faster: 25 ms to connect. The gateway's own clients keep their time. */
const minuteMilliseconds = 50;
const patient = { minuteMilliseconds, idleTimeoutMinutes: 1000 };

const accept = async (gateway: TestGateway, body?: string): Promise<void> => {
  const client = await greetedClient(gateway.port);
  expect(await client.sendMail(body === undefined ? {} : { body })).toMatch(/^250 2\.0\.0 Queued as/);
  client.close();
};

/** The first attempt has failed and the message waits for the next one. */
const deferredBecause = async (gateway: TestGateway): Promise<string> => {
  const event = await gateway.waitForEvent((each) => each['event'] !== 'accepted');
  expect(event).toMatchObject({ event: 'deferred' });
  return String(event['reply']);
};

describe('a next hop that fails for a while', () => {
  const troubles: [string, NextHopWish['reactions'], RegExp][] = [
    ['refuses us at the greeting', { greeting: '554 5.7.1 Go away' }, /^554 5\.7\.1 Go away/],
    ['is busy at the greeting', { greeting: '421 4.3.2 Busy' }, /^421/],
    ['never greets', { greeting: 'hang' }, /did not answer in time/],
    ['says good-bye at EHLO', { EHLO: '421 4.7.0 Not you' }, /^421 4\.7\.0 Not you/],
    ['hangs at EHLO', { EHLO: 'hang' }, /did not answer in time/],
    ['defers MAIL', { MAIL: '451 4.3.0 Later' }, /^451 4\.3\.0 Later/],
    ['hangs at MAIL', { MAIL: 'hang' }, /did not answer in time/],
    ['drops at MAIL', { MAIL: 'drop' }, /closed the connection/],
    ['defers RCPT', { RCPT: '450 4.2.0 Greylisted' }, /^450 4\.2\.0 Greylisted/],
    ['hangs at RCPT', { RCPT: 'hang' }, /did not answer in time/],
    ['says good-bye at RCPT', { RCPT: '421 4.3.2 Shutting down' }, /^421 4\.3\.2/],
    ['talks garbage at RCPT', { RCPT: 'hello world' }, /no SMTP reply/],
    ['defers DATA', { DATA: '452 4.3.1 Disk full' }, /^452 4\.3\.1/],
    ['hangs at DATA', { DATA: 'hang' }, /did not answer in time/],
    ['drops at DATA', { DATA: 'drop' }, /closed the connection/],
    ['answers DATA with success', { DATA: '250 2.0.0 fine' }, /answered DATA with success/],
    ['defers the dot', { dot: '451 4.7.1 Greylisted' }, /^451 4\.7\.1/],
    ['hangs after the dot', { dot: 'hang' }, /did not answer in time/],
    ['drops after the dot', { dot: 'drop' }, /closed the connection/],
    ['answers the dot with 354', { dot: '354 more please' }, /^354/],
    [
      'takes the message before it has it, and then does not',
      { DATA: '354 go ahead\r\n250 2.0.0 queued already', dot: '554 5.0.0 not this one' },
      /answered before it had the message/,
    ],
    ['answers without end', { MAIL: `250-${'x'.repeat(60)}\r\n`.repeat(200) }, /too many lines/],
    ['answers a line without end', { MAIL: 'x'.repeat(100_000) }, /line/],
  ];

  it.each(troubles.flatMap(([name, ...each]) => [[name, true, each] as const, [name, false, each] as const]))(
    'that %s (pipelining: %s) loses nothing and bounces nothing',
    async (_, isPipelining, [reactions, expected]) => {
      const extensions = isPipelining ? ['PIPELINING', 'SIZE'] : ['SIZE'];
      const hop = await startNextHop({ extensions, ...(reactions ? { reactions } : {}) });
      const gateway = await startGateway({ nextHop: hop.address, ...patient });

      await accept(gateway);
      expect(await deferredBecause(gateway)).toMatch(expected);
      expect(hop.messages).toHaveLength(0);
      hop.wish = {};
      const [message] = await hop.received(1); // the next attempt, one short minute later

      expect(message).toMatchObject({ from: 'a@client.test', to: ['b@mx.test'] });
      await gateway.drained();
      expect(hop.messages).toHaveLength(1);
      await gateway.close();
      await hop.close();
    },
  );

  it.each([
    [
      'refuses the connection',
      async () => ({ host: '127.0.0.1', port: await findFreePort() }),
      /cannot be reached: connection refused/,
    ],
    [
      'has a name that nobody knows',
      () => Promise.resolve({ host: 'nowhere.invalid', port: 25 }),
      /cannot be resolved/,
    ],
  ])('that %s keeps the message waiting', async (_, nextHop, expected) => {
    const gateway = await startGateway({ nextHop: await nextHop() });

    await accept(gateway);

    expect(await deferredBecause(gateway)).toMatch(expected);
    expect(await gateway.queued()).toMatchObject([{ recipients: [{ state: 'deferred', attempts: 1 }] }]);
    await gateway.close();
  });

  it('that is this gateway itself gets nothing: no mail goes round in circles', async () => {
    const port = await findFreePort();
    const gateway = await startGateway({ port, listenOn: { kind: 'all' }, nextHop: { host: '127.0.0.1', port } });

    await accept(gateway);

    expect(await deferredBecause(gateway)).toMatch(/this gateway itself/);
    await gateway.close();
  });

  it('that takes no more data is given up after its time', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
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
    const gateway = await startGateway({ nextHop: { host: '127.0.0.1', port }, ...patient, minuteMilliseconds: 60 });

    await accept(gateway, `Subject: big\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(200_000)}`);

    expect(await deferredBecause(gateway)).toMatch(/took no more data in time/);
    await gateway.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

describe('a next hop that says no for good', () => {
  it.each([
    ['at MAIL', { MAIL: '553 5.1.8 Sender refused' }, '5.1.8'],
    ['at RCPT', { RCPT: '550 5.1.1 No such user' }, '5.1.1'],
    ['at DATA', { DATA: '554 5.7.0 Not today' }, '5.7.0'],
    ['after the dot', { dot: '552 5.2.2 Mailbox full' }, '5.2.2'],
    ['without enhanced codes', { dot: '554 no thanks' }, '5.0.0'],
    ['in the words of another class', { dot: '554 2.0.0 odd' }, '5.0.0'],
  ])('%s has the message returned to its sender, once', async (_, refusals, status) => {
    let isBounce = false; // only the original is refused
    const reactions = Object.fromEntries(
      Object.entries(refusals).map(([stage, reply]) => [stage, () => (isBounce ? undefined : reply)]),
    );
    const watch = (line: string) => {
      isBounce = line.includes('MAIL FROM:<>');
      return isBounce ? undefined : 'MAIL' in refusals ? refusals.MAIL : undefined;
    };
    const hop = await startNextHop({ reactions: { ...reactions, MAIL: watch }, extensions: ['SIZE'] });
    const gateway = await startGateway({ nextHop: hop.address });

    await accept(gateway, 'Subject: hello\r\nX-Mine: yes\r\n\r\nHello\r\n');

    const [bounce] = await hop.received(1);
    expect(bounce).toMatchObject({ from: '', to: ['a@client.test'] });
    expect(bounce!.content).toContain(`Status: ${status}\r\n`);
    expect(bounce!.content).toMatch(/message\/rfc822\r\n\r\n[^]*X-Mine: yes[^]*Hello/);
    await gateway.drained();
    expect(hop.messages).toHaveLength(1);
    await gateway.close();
    await hop.close();
  });

  it('gets no bounce of a bounce', async () => {
    const hop = await startNextHop({ reactions: { RCPT: '550 5.1.1 No such user' } });
    const gateway = await startGateway({ nextHop: hop.address });

    await accept(gateway);
    await gateway.waitForEvent(({ event, domain }) => event === 'bounced' && domain === 'client.test');
    await gateway.drained();

    const events = (await gateway.events()).filter(({ event }) => event === 'bounced');
    expect(events.map(({ domain, notice }) => [domain, typeof notice])).toEqual([
      ['mx.test', 'string'],
      ['client.test', 'undefined'],
    ]);
    await gateway.close();
    await hop.close();
  });
});

describe('a next hop that cannot be trusted', () => {
  let ca: TestCa;

  beforeAll(async () => {
    ca = await createCa();
  });
  afterAll(() => ca.close());

  const past = { notBefore: '20200101000000Z', notAfter: '20210101000000Z' };
  it.each([
    ['strips STARTTLS', () => Promise.resolve(undefined), /does not offer STARTTLS/],
    ['shows another name', () => ca.sign(['other.test']), /altnames/],
    ['shows an expired certificate', () => ca.sign(['localhost'], past), /expired/],
  ])('because it %s gets nothing until it can be', async (_, certificate, expected) => {
    const tls = await certificate();
    const hop = await startNextHop(tls ? { tls } : {});
    const wish: GatewayWish = { nextHop: { host: 'localhost', port: hop.port }, outgoing: 'required' };
    const gateway = await startGateway({ ...wish, outgoingCa: ca.certificate, ...patient, minuteMilliseconds: 200 });

    await accept(gateway);
    expect(await deferredBecause(gateway)).toMatch(expected);
    expect(hop.messages).toHaveLength(0);
    hop.wish = { tls: await ca.sign(['localhost']) };

    expect((await hop.received(1))[0]).toMatchObject({ isSecure: true, to: ['b@mx.test'] });
    await gateway.close();
    await hop.close();
  });
});
