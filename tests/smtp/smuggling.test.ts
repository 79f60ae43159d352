// End-of-message sequences that some servers take for the real one. A gateway that takes one, or passes it on to a next
// hop that takes it, lets a client smuggle a second message past every check. Ours makes plain line ends of them, with
// the dot stuffed, or refuses the message.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

const endings = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r.\r\n',
  '\r\n.\r',
  '\n.\r',
  '\r.\n',
  '\r\r\n.\r\r\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\n\n.\r\n',
];

describe('a smuggled message', () => {
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    hop = await startNextHop();
    gateway = await startGateway({ nextHop: hop.address });
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
  });

  it.each(endings.map((ending) => [JSON.stringify(ending), ending]))(
    'behind %s is never a message',
    async (_, ending) => {
      hop.messages.length = 0;
      const client = await greetedClient(gateway.port);
      await client.say('MAIL FROM:<a@client.test>');
      await client.say('RCPT TO:<b@mx.test>');
      await client.say('DATA');

      client.write(`Subject: one\r\n\r\nHello${ending}MAIL FROM:<evil@client.test>\r\nRCPT TO:<b@mx.test>\r\nDATA\r\n`);
      client.write('Subject: two\r\n\r\nEvil\r\n.\r\n');

      const isRefused = ending.includes('\0');
      expect(await client.reply()).toMatch(isRefused ? /^550 5\.6\.0 / : /^250 2\.0\.0 /);
      expect(await client.say('NOOP')).toMatch(/^250 /); // one reply, not several
      await gateway.drained();
      expect(hop.messages).toHaveLength(isRefused ? 0 : 1);
      expect(hop.commands.join()).not.toContain('evil');
      if (!isRefused) {
        expect(hop.messages[0]!.content).toMatch(/\r\n\.(\r\n)+MAIL FROM:<evil@client\.test>\r\n/); // a line of text
        expect(hop.messages[0]!.content).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
      }
      client.close();
    },
  );

  it.each([1, 2, 3, 4, 5])('is not made by cutting the stream into pieces of %d', async (size) => {
    hop.messages.length = 0;
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');
    await client.say('RCPT TO:<b@mx.test>');
    await client.say('DATA');

    const stream = '..\r\nSubject: x\r\n..\r\n\r\n...\r\n.x\r\n.\r\n'.replace('.x', '..x');
    for (let at = 0; at < stream.length; at += size) {
      client.write(stream.slice(at, at + size));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }

    expect(await client.reply()).toMatch(/^250 /);
    await hop.received(1);
    await gateway.drained();
    expect(hop.messages).toHaveLength(1);
    expect(hop.messages[0]!.content.endsWith('.\r\nSubject: x\r\n.\r\n\r\n..\r\n.x\r\n')).toBe(true);
    client.close();
  });
});
