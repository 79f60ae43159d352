// The promise of 250, seen from the kernel: between the last byte of every message and its 250 a sync has begun and ended.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway } from '../support/smtp-gateway.ts';
import { startNextHop } from '../support/smtp-next-hop.ts';

const clients = 6;
const messagesEach = 5;

/** Lines of the trace where a sync began, and where that one ended well. */
function findSyncs(lines: string[]): { began: number; ended: number }[] {
  const syncs: { began: number; ended: number }[] = [];
  const open = new Map<string, number>();
  lines.forEach((line, at) => {
    const thread = line.split(/\s/, 1)[0] ?? '';
    if (/ fdatasync\(\d+\)\s+= 0/.test(line)) syncs.push({ began: at, ended: at });
    else if (/ fdatasync\(\d+ <unfinished/.test(line)) open.set(thread, at);
    else if (/fdatasync resumed>.*= 0/.test(line)) syncs.push({ began: open.get(thread) ?? -1, ended: at });
  });
  return syncs;
}

/** Where the last byte of each message was read, and where its 250 was written to the same connection. */
function findPromises(lines: string[]): { message: string; read: number; said: number }[] {
  const reading = new Map<string, string>();
  return lines.flatMap((line, at) => {
    const thread = line.split(/\s/, 1)[0] ?? '';
    const descriptor = / read\((\d+)/.exec(line)?.[1] ?? reading.get(thread);
    if (/ read\(\d+, {1,2}?<unfinished/.test(line) && descriptor) reading.set(thread, descriptor);
    const message = / read(?:\(| resumed).*last-(\d+-\d+)\\r\\n\.\\r\\n/.exec(line)?.[1];
    if (message === undefined) return [];
    const said = lines.findIndex((each, later) => later > at && each.includes(`(${descriptor}, "250 2.0.0 Queued as`));
    return [{ message, read: at, said }];
  });
}

it('is never given before the message is on the disk', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-trace-'));
  const trace = join(folder, 'trace');
  const hop = await startNextHop();
  const calls = 'trace=read,write,writev,fdatasync';
  const runUnder = ['strace', '-f', '-s', '4096', '-e', calls, '-o', trace];
  const gateway = await startGateway({ asProcess: true, runUnder, nextHop: hop.address });

  await Promise.all(
    Array.from({ length: clients }, async (_, number) => {
      const client = await greetedClient(gateway.port);
      for (let count = 0; count < messagesEach; count += 1) {
        await client.say('MAIL FROM:<a@client.test>');
        await client.say('RCPT TO:<b@mx.test>');
        await client.say('DATA');
        client.write(`Subject: x\r\n\r\n${'some text\r\n'.repeat(50)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        client.write(`last-${number}-${count}\r\n.\r\n`);
        expect(await client.reply()).toMatch(/^250 2\.0\.0 Queued as/);
      }
      client.close();
    }),
  );
  await gateway.drained();
  await gateway.close();
  await hop.close();
  const lines = (await readFile(trace, 'utf8')).split('\n');
  await rm(folder, { recursive: true });

  const syncs = findSyncs(lines);
  const promised = findPromises(lines);
  const late = promised.filter(({ read, said }) => !syncs.some(({ began, ended }) => began > read && ended < said));
  expect(promised).toHaveLength(clients * messagesEach);
  expect(late).toEqual([]);
});
