// A disk that fills up under the daemon: it says 452 4.3.1, lives, and takes mail again as soon as there is room.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { greetedClient } from '../support/smtp-client.ts';
import { smallDisk } from '../support/small-disk.ts';
import { startGateway } from '../support/smtp-gateway.ts';
import { startNextHop } from '../support/smtp-next-hop.ts';

it('answers 452 and recovers by itself', { timeout: 60_000 }, async () => {
  using disk = smallDisk('size=24m');
  const filler = join(disk.path, 'filler');
  const fill = (): void => {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' });
    } catch {
      // no page is left
    }
  };
  const hop = await startNextHop();
  const gateway = await startGateway({
    asProcess: true,
    parentFolder: disk.path,
    nextHop: hop.address,
    rule: { maxMessageMegabytes: 1 },
  });
  const client = await greetedClient(gateway.port);
  expect(await client.sendMail({})).toMatch(/^250 /);
  await hop.received(1);

  await client.say('MAIL FROM:<a@client.test>');
  await client.say('RCPT TO:<b@mx.test>');
  await client.say('DATA');
  fill(); // after MAIL was answered
  client.write(`Subject: big\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(10_000)}.\r\n`);
  expect(await client.reply()).toMatch(/^452 4\.3\.1 Insufficient system storage \(\w{8}\)$/);
  await new Promise((resolve) => setTimeout(resolve, 1100)); // a look at the disk is at most a second old
  expect(await client.say('MAIL FROM:<a@client.test>')).toMatch(/^452 4\.3\.1 /);
  expect((await gateway.status()).runningRevision).not.toBeNull();

  rmSync(filler);
  await expect.poll(() => client.sendMail({}), { timeout: 15_000, interval: 200 }).toMatch(/^250 /);
  await hop.received(2);
  await gateway.drained();
  expect(hop.messages.some(({ content }) => content.includes('Subject: big'))).toBe(false);
  client.close();
  await gateway.close();
  await hop.close();
});
