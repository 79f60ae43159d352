// Measures the queue alone: CPU a message for accept, mark and reclaim, and start-up with many messages.
// Run: node tests/crash/measure-queue.ts [folder]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Queue } from '../../gateway-agent/queue/queue.ts';
import { accept, envelopeFor, opened } from '../support/queue-folder.ts';

const sessions = 20;

/** Accepts and at once delivers `messages` messages over parallel sessions. */
async function load(queue: Queue, messages: number, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(bytes, 'x');
  let left = messages;
  const session = async () => {
    while (left-- > 0) {
      const id = await accept(queue, chunk, envelopeFor('b@mx.test'));
      queue.takeDue(1);
      queue.record(id, [{ index: 0, state: 'delivered', lastReply: '250 2.0.0 Ok: queued as 4ABCDEFG' }]);
    }
  };
  await Promise.all(Array.from({ length: sessions }, session));
  await queue.flush();
}

async function measureLoad(folder: string, messages: number, bytes: number): Promise<void> {
  const queue = opened(folder);
  await load(queue, messages / 10, bytes);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await load(queue, messages, bytes);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const each = (micros: number) => (micros / 1000 / messages).toFixed(3);
  console.log(
    `${bytes} bytes: ${Math.round(messages / seconds)}/s, CPU ${each(user + system)} ms a message ` +
      `(user ${each(user)}, system ${each(system)}), log ${Math.round(queue.gauges().logBytes / 1048576)} MiB`,
  );
  await queue.close();
}

async function measureStart(folder: string, messages: number, bytes: number): Promise<void> {
  const filled = opened(folder);
  const body = Buffer.alloc(bytes, 'x');
  for (let left = messages; left > 0; left -= 1000) {
    await Promise.all(Array.from({ length: Math.min(left, 1000) }, () => accept(filled, body)));
  }
  await filled.close();
  const start = performance.now();
  const queue = opened(folder);
  const milliseconds = Math.round(performance.now() - start);
  const heap = Math.round(process.memoryUsage().rss / 1048576);
  console.log(`start with ${queue.gauges().messages} of ${bytes} bytes: ${milliseconds} ms, ${heap} MiB resident`);
  await queue.close();
}

async function inFolder(parent: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(parent, 'postern-measure-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const parent = process.argv[2] ?? tmpdir();
await inFolder(parent, (folder) => measureLoad(folder, 20_000, 4096));
await inFolder(parent, (folder) => measureLoad(folder, 4000, 100_000));
await inFolder(parent, (folder) => measureStart(folder, 100_000, 4096));
await inFolder(parent, (folder) => measureStart(folder, 20_000, 50_000));
