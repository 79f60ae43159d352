// From 250 to the next hop: what was taken arrives as it was sent, once, at the server that is configured now.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startSink } from '../support/smtp-sink.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

describe('delivery', () => {
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    hop = await startNextHop();
    gateway = await startGateway({ nextHop: hop.address, rule: { maxMessageMegabytes: 64 } });
  });
  afterEach(async () => {
    await gateway.drained();
    hop.wish = {};
    hop.messages.length = 0;
    hop.commands.length = 0;
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
  });

  it('loses nobody else’s copy when one recipient is refused, and tells the sender about that one', async () => {
    hop.wish = {
      reactions: { RCPT: (line) => (line.includes('unknown') ? '550 5.1.1 No such user' : undefined) },
    };
    const client = await greetedClient(gateway.port);

    const to = ['one@mx.test', 'unknown@mx.test', 'two@mx.test'];
    expect(await client.sendMail({ to })).toMatch(/^250 2\.0\.0 Queued as \w{12}$/);

    const [message, bounce] = await hop.received(2);
    expect(message).toMatchObject({ from: 'a@client.test', to: ['one@mx.test', 'two@mx.test'] });
    expect(message!.content).not.toContain('for <'); // none learns of the others
    expect(bounce).toMatchObject({ from: '', to: ['a@client.test'] });
    expect(bounce!.content).toMatch(
      /Final-Recipient: rfc822; unknown@mx\.test\r\nAction: failed\r\nStatus: 5\.1\.1\r\n/,
    );
    expect(bounce!.content).not.toContain('rfc822; one@mx.test');
    client.close();
  });

  it('passes content on byte by byte, with one Received header in front', async () => {
    const body = 'Subject: dots\r\n\r\n..\r\n...two\r\nA line. With a dot.\r\n\r\n.. \r\n';
    const client = await greetedClient(gateway.port);

    const id = /Queued as (\w+)$/.exec(await client.sendMail({ body }))?.[1];

    const content = (await hop.received(1))[0]!.content;
    const trace = `Received: from client.test ([127.0.0.1])\r\n\tby gateway.test (Postern) with ESMTP id ${id}\r\n`;
    expect(content.startsWith(trace)).toBe(true);
    expect(content.slice(content.indexOf('Subject:'))).toBe(body.replaceAll('\r\n..', '\r\n.'));
    client.close();
  });

  it('keeps punycode domains and the case of addresses as they were sent', async () => {
    const client = await greetedClient(gateway.port);
    await gateway.push({ nextHop: hop.address, rule: { relayDomains: ['xn--mnchen-3ya.test'] } });

    await client.sendMail({ from: 'Some.One@xn--mnchen-3ya.test', to: ['B.C@XN--mnchen-3ya.test'] });

    await hop.received(1);
    expect(hop.commands.join()).toMatch(/MAIL FROM:<Some\.One@xn--mnchen-3ya\.test> SIZE=\d+,/);
    expect(hop.commands).toContain('RCPT TO:<B.C@XN--mnchen-3ya.test>');
    await gateway.push({ nextHop: hop.address, rule: { maxMessageMegabytes: 64 } });
    client.close();
  });

  it('uses one connection for messages one after the other, and none for a message that was reset', async () => {
    await gateway.push({ nextHop: { host: 'localhost', port: hop.port } }); // no connection is left over
    const before = hop.connections;
    const client = await greetedClient(gateway.port);

    await client.sendMail({ to: ['one@mx.test'] });
    await gateway.drained();
    await client.say('MAIL FROM:<gone@client.test>');
    await client.say('RCPT TO:<gone@mx.test>');
    await client.say('RSET');
    await client.sendMail({ to: ['two@mx.test'] });
    await hop.received(2);

    expect(hop.connections - before).toBe(1);
    expect(hop.messages.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: 'a@client.test', to: ['one@mx.test'] },
      { from: 'a@client.test', to: ['two@mx.test'] },
    ]);
    client.close();
    await gateway.push({ nextHop: hop.address });
  });

  it('opens a new connection when the next hop has closed the old one between two messages', async () => {
    hop.wish = { reactions: { dot: () => '250 2.0.0 taken' } };
    const client = await greetedClient(gateway.port);
    await client.sendMail({});
    await gateway.drained();

    hop.dropAll();
    await client.sendMail({});

    expect(await hop.received(2)).toHaveLength(2);
    client.close();
  });

  it('sends the next message of an open session to the next hop that is configured now', async () => {
    const other = await startNextHop();
    const client = await greetedClient(gateway.port);
    await client.sendMail({});
    await gateway.drained();

    await gateway.push({ nextHop: other.address });
    await client.sendMail({});

    await other.received(1);
    expect([hop.messages.length, other.messages.length]).toEqual([1, 1]);
    await gateway.push({ nextHop: hop.address });
    client.close();
    await other.close();
  });

  it.each([
    [
      'one copy to a recipient that was named twice',
      ['b@mx.test', 'c@mx.test', 'b@MX.test'],
      ['b@MX.test', 'c@mx.test'],
    ],
    [
      'a copy to each of two that differ in case before the @',
      ['Bob@mx.test', 'bob@mx.test'],
      ['Bob@mx.test', 'bob@mx.test'],
    ],
  ])('sends %s', async (_, to, expected) => {
    const client = await greetedClient(gateway.port);

    await client.sendMail({ to });

    expect((await hop.received(1))[0]?.to).toEqual(expected);
    client.close();
  });

  it('delivers nothing when the client goes away in the middle of the message', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');
    await client.say('RCPT TO:<b@mx.test>');
    await client.say('DATA');
    client.write('Subject: half\r\n\r\nHalf a mess');

    client.close();
    await expect.poll(async () => (await gateway.status()).connections.now).toBe(0);
    await delay(200);

    expect(hop.messages).toHaveLength(0);
  });

  it('answers 552 to a message over the limit, and the next hop has not got it', async () => {
    await gateway.push({ nextHop: hop.address, rule: { maxMessageMegabytes: 1 } });
    const client = await greetedClient(gateway.port);

    const line = `${'x'.repeat(76)}\r\n`;
    expect(await client.sendMail({ body: `Subject: big\r\n\r\n${line.repeat(15_000)}` })).toMatch(/^552 5\.3\.4 /);

    expect(hop.messages).toHaveLength(0);
    expect(await client.sendMail({})).toMatch(/^250 /);
    client.close();
    await gateway.push({ nextHop: hop.address, rule: { maxMessageMegabytes: 64 } });
  });

  it('judges a message by the limit at its beginning: one that is on its way is not refused and delivered too', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');
    await client.say('RCPT TO:<b@mx.test>');
    await client.say('DATA');
    client.write(`Subject: big\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(15_000)}`);

    await gateway.push({ nextHop: hop.address, rule: { maxMessageMegabytes: 1 } });
    client.write('.\r\n');

    expect(await client.reply()).toMatch(/^250 2\.0\.0 /);
    expect((await hop.received(1))[0]!.content).toContain('Subject: big');
    client.close();
    await gateway.push({ nextHop: hop.address, rule: { maxMessageMegabytes: 64 } });
  });

  it.each([20_000, 40_000, 64_000])('answers a message of %d bytes when there is no room for it', async (size) => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');

    const line = `${'x'.repeat(76)}\r\n`;
    await client.say('RCPT TO:<b@mx.test>');
    await client.say('DATA');
    client.write(`${line.repeat(size / 78)}with NUL \0\r\n${line.repeat(20)}.\r\n`);
    expect(await client.reply()).toMatch(/^550 5\.6\.0 /);

    expect(await client.say('NOOP')).toMatch(/^250 /);
    client.close();
  });

  it('returns an 8-bit message that the next hop does not take, and sends a 7-bit one declared as 8-bit', async () => {
    hop.wish = { extensions: [] };
    await gateway.push({ nextHop: { host: 'localhost', port: hop.port } });
    const client = await greetedClient(gateway.port);
    const send = async (body: string): Promise<void> => {
      await client.say('MAIL FROM:<a@client.test> BODY=8BITMIME');
      await client.say('RCPT TO:<b@mx.test> NOTIFY=FAILURE');
      await client.say('DATA');
      client.write(`${body}.\r\n`);
      expect(await client.reply()).toMatch(/^250 /);
    };

    await send('Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n');
    const [notice] = await hop.received(1); // with the header alone, which has 7 bits
    expect(notice).toMatchObject({ from: '', to: ['a@client.test'] });
    expect(notice!.content).toMatch(/Status: 5\.6\.3\r\n[^]*Content-Type: text\/rfc822-headers\r\n[^]*Subject: x/);
    await send('Subject: x\r\n\r\nHello\r\n');

    const [, message] = await hop.received(2);
    expect(hop.commands).toContain('MAIL FROM:<a@client.test>');
    expect(message!.content).toContain('Hello');
    client.close();
    hop.wish = {};
    await gateway.push({ nextHop: hop.address });
  });

  it('needs no more memory for 120 MB than for 40', async () => {
    const sink = await startSink({ keepsMessages: false });
    const own = await startGateway({ asProcess: true, nextHop: sink.address, rule: { maxMessageMegabytes: 128 } });
    const client = await greetedClient(own.port);
    const block = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(4000));
    let most = 0;
    const send = async (bytes: number): Promise<string> => {
      await client.say('MAIL FROM:<a@client.test>');
      await client.say('RCPT TO:<b@mx.test>');
      await client.say('DATA');
      client.write('Subject: big\r\n\r\n');
      for (let sent = 0; sent < bytes; sent += block.length) {
        if (!client.socket.write(block)) await once(client.socket, 'drain');
        most = Math.max(most, await own.residentBytes());
      }
      client.write('.\r\n');
      return client.reply(20_000);
    };

    expect(await send(40_000_000)).toMatch(/^250 /);
    const afterFirst = most;
    expect(await send(120_000_000)).toMatch(/^250 /);

    expect(most - afterFirst).toBeLessThan(40_000_000);
    client.close();
    await own.close();
    await sink.close();
  });
});
