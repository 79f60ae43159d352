// Measures the queue alone: CPU a message for accept, mark and reclaim, and start-up with many messages.
// Run: node tests/crash/measure-queue.ts [folder]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Queue } from '../../gateway-agent/queue/queue.ts';
import { accept, envelopeFor, opened } from '../support/queue-folder.ts';

type Load = { messages: number; bytes: number; sessions: number };

/** Accepts and at once delivers `messages` messages over parallel sessions. */
async function load(queue: Queue, { messages, bytes, sessions }: Load): Promise<void> {
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

async function measureLoad(folder: string, wanted: Load): Promise<void> {
  const { messages, bytes, sessions } = wanted;
  const queue = opened(folder);
  await load(queue, { ...wanted, messages: messages / 10 });
  const cpu = process.cpuUsage();
  const start = performance.now();
  await load(queue, wanted);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const each = (micros: number) => (micros / 1000 / messages).toFixed(3);
  console.log(
    `${bytes} bytes, ${sessions} sessions: ${Math.round(messages / seconds)}/s, CPU ${each(user + system)} ms a message ` +
      `(user ${each(user)}, system ${each(system)}), log ${Math.round(queue.gauges().logBytes / 1048576)} MiB`,
  );
  await queue.close();
}

/** The start happens in a process of its own: what filling left in memory must not count. */
async function measureStart(folder: string, messages: number, bytes: number): Promise<void> {
  const filled = opened(folder);
  const body = Buffer.alloc(bytes, 'x');
  for (let left = messages; left > 0; left -= 1000) {
    await Promise.all(Array.from({ length: Math.min(left, 1000) }, () => accept(filled, body)));
  }
  await filled.close();
  execFileSync(process.execPath, [import.meta.filename, '--start', folder], { stdio: 'inherit' });
}

async function startHere(folder: string): Promise<void> {
  const start = performance.now();
  const queue = opened(folder);
  const milliseconds = Math.round(performance.now() - start);
  const { messages, bytes } = queue.gauges();
  const resident = Math.round(process.memoryUsage().rss / 1048576);
  console.log(`start with ${messages} messages, ${bytes} bytes: ${milliseconds} ms, ${resident} MiB resident`);
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

const [first, second] = process.argv.slice(2);
if (first === '--start' && second !== undefined) {
  await startHere(second);
} else {
  const parent = first ?? tmpdir();
  await inFolder(parent, (folder) => measureLoad(folder, { messages: 20_000, bytes: 4096, sessions: 20 }));
  await inFolder(parent, (folder) => measureLoad(folder, { messages: 4000, bytes: 100_000, sessions: 20 }));
  await inFolder(parent, (folder) => measureLoad(folder, { messages: 3000, bytes: 4096, sessions: 1 }));
  await inFolder(parent, (folder) => measureStart(folder, 100_000, 4096));
  await inFolder(parent, (folder) => measureStart(folder, 20_000, 50_000));
}
