// Delivery while the client waits: what the next hop does decides what the client hears, and nothing is lost between.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startSink } from '../support/smtp-sink.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

describe('delivery while the client waits', () => {
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    hop = await startNextHop();
    gateway = await startGateway({ nextHop: hop.address, rule: { maxMessageMegabytes: 64 } });
  });
  afterEach(() => {
    hop.wish = {};
    hop.messages.length = 0;
    hop.commands.length = 0;
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
  });

  it('loses nobody else’s copy when one recipient is refused', async () => {
    hop.wish = {
      reactions: { RCPT: (line) => (line.includes('unknown') ? '550 5.1.1 No such user' : undefined) },
    };
    const client = await greetedClient(gateway.port);

    await client.say('MAIL FROM:<a@client.test>');
    expect(await client.say('RCPT TO:<one@mx.test>')).toMatch(/^250 2\.1\.5 /);
    expect(await client.say('RCPT TO:<unknown@mx.test>')).toMatch(/^550 5\.1\.1 No such user/);
    expect(await client.say('RCPT TO:<two@mx.test>')).toMatch(/^250 2\.1\.5 /);
    await client.say('DATA');
    client.write('Subject: x\r\n\r\nHello\r\n.\r\n');
    expect(await client.reply()).toMatch(/^250 /);

    expect(hop.messages).toMatchObject([{ from: 'a@client.test', to: ['one@mx.test', 'two@mx.test'] }]);
    expect(hop.messages[0]!.content).not.toContain('for <'); // none learns of the others
    client.close();
  });

  it('passes content on byte by byte, with one Received header in front', async () => {
    const body = 'Subject: dots\r\n\r\n..\r\n...two\r\nA line. With a dot.\r\n\r\n.. \r\n';
    const client = await greetedClient(gateway.port);

    expect(await client.sendMail({ body })).toMatch(/^250 /);

    const content = hop.messages[0]!.content;
    expect(content.startsWith('Received: from client.test ([127.0.0.1])\r\n\tby gateway.test')).toBe(true);
    expect(content.slice(content.indexOf('Subject:'))).toBe(body.replaceAll('\r\n..', '\r\n.'));
    client.close();
  });

  it('keeps punycode domains and the case of addresses as they were sent', async () => {
    const client = await greetedClient(gateway.port);
    await gateway.push({ nextHop: hop.address, rule: { relayDomains: ['xn--mnchen-3ya.test'] } });

    await client.sendMail({ from: 'Some.One@xn--mnchen-3ya.test', to: ['B.C@XN--mnchen-3ya.test'] });

    expect(hop.commands).toContain('MAIL FROM:<Some.One@xn--mnchen-3ya.test>');
    expect(hop.commands).toContain('RCPT TO:<B.C@XN--mnchen-3ya.test>');
    await gateway.push({ nextHop: hop.address, rule: { maxMessageMegabytes: 64 } });
    client.close();
  });

  it('uses one connection for all messages of a session, and none of a message that was reset', async () => {
    const before = hop.connections;
    const client = await greetedClient(gateway.port);

    await client.sendMail({ to: ['one@mx.test'] });
    await client.say('MAIL FROM:<gone@client.test>');
    await client.say('RCPT TO:<gone@mx.test>');
    await client.say('RSET');
    await client.sendMail({ to: ['two@mx.test'] });

    expect(hop.connections - before).toBe(1);
    expect(hop.messages.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: 'a@client.test', to: ['one@mx.test'] },
      { from: 'a@client.test', to: ['two@mx.test'] },
    ]);
    client.close();
  });

  it('opens a new connection when the next hop has closed the old one between two messages', async () => {
    hop.wish = { reactions: { dot: () => '250 2.0.0 taken' } };
    const client = await greetedClient(gateway.port);
    await client.sendMail({});

    hop.dropAll();
    await delay(50);

    expect(await client.sendMail({})).toMatch(/^250 /);
    expect(hop.messages).toHaveLength(2);
    client.close();
  });

  it('sends the next message of an open session to the next hop that is configured now', async () => {
    const other = await startNextHop();
    const client = await greetedClient(gateway.port);
    await client.sendMail({});

    await gateway.push({ nextHop: other.address });
    await client.sendMail({});

    expect([hop.messages.length, other.messages.length]).toEqual([1, 1]);
    await gateway.push({ nextHop: hop.address });
    client.close();
    await other.close();
  });

  it('sends one copy to a recipient that was named twice', async () => {
    const client = await greetedClient(gateway.port);

    await client.sendMail({ to: ['b@mx.test', 'b@mx.test'] });

    expect(hop.messages[0]?.to).toEqual(['b@mx.test']);
    client.close();
  });

  it('delivers nothing when the client goes away in the middle of the message', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');
    await client.say('RCPT TO:<b@mx.test>');
    await client.say('DATA');
    client.write('Subject: half\r\n\r\nHalf a mess');

    client.close();
    await delay(200);

    expect(hop.messages).toHaveLength(0);
    expect((await gateway.status()).connections.now).toBe(0);
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

  it.each([20_000, 40_000, 64_000])('answers a message of %d bytes that the next hop refuses at DATA', async (size) => {
    hop.wish = { reactions: { DATA: '452 4.3.1 Disk full' } };
    const client = await greetedClient(gateway.port);

    const line = `${'x'.repeat(76)}\r\n`;
    expect(await client.sendMail({ body: line.repeat(size / 78) })).toMatch(/^452 4\.3\.1 Disk full/);

    expect(await client.say('NOOP')).toMatch(/^250 /);
    client.close();
  });

  it('offers 8BITMIME until the next hop shows that it does not take it, and asks the client to come again', async () => {
    hop.wish = { extensions: [] };
    await gateway.push({ nextHop: hop.address, deny: '127.0.0.66\n' }); // a fresh look at the next hop
    const client = await greetedClient(gateway.port);

    await client.say('MAIL FROM:<a@client.test> BODY=8BITMIME');
    expect(await client.say('RCPT TO:<b@mx.test>')).toMatch(/^451 4\.6\.3 /);
    await client.say('RSET');

    expect(await client.say('EHLO client.test')).not.toContain('8BITMIME');
    client.close();
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
