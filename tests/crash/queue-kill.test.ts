// kill -9 at random moments under load: every acknowledged message is there, whole, and nothing is damaged.
// POSTERN_KILLS says how many; the default suits npm test.
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bodyOf, opened, queueFolder } from '../support/queue-folder.ts';

const child = fileURLToPath(new URL('queue-child.ts', import.meta.url));
const kills = Number(process.env['POSTERN_KILLS'] ?? 25);

/** What the children of all cycles have promised so far. */
type Promises = { digests: Map<string, string>; attempted: Set<string>; delivered: Set<string> };

/** Runs one child on the folder, kills it between 20 and 400 ms after it began, and notes its promises. */
async function runAndKill(folder: string, promises: Promises): Promise<void> {
  const running = spawn(process.execPath, [child, folder, '--deliver'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(running, 'exit');
  while (!output.includes('ready')) await once(running.stdout, 'data');
  await sleep(20 + randomInt(380));
  running.kill('SIGKILL');
  await exited;
  for (const line of output.split('\n').slice(0, -1)) {
    const [kind, id = '', digest = ''] = line.split(' ');
    if (kind === 'A') promises.digests.set(id, digest);
    if (kind === 'D') promises.attempted.add(id);
    if (kind === 'F') promises.delivered.add(id);
  }
}

/** Every broken promise, by kind. */
async function findBroken(folder: string, promises: Promises) {
  const queue = opened(folder);
  const broken = { lost: 0, changed: 0, returned: 0, damaged: queue.gauges().damaged };
  for (const [id, digest] of promises.digests) {
    const isThere = queue.message(id) !== null;
    if (isThere && promises.delivered.has(id)) broken.returned += 1;
    if (!isThere && !promises.attempted.has(id)) broken.lost += 1;
    if (!isThere)
      promises.digests.delete(id); // delivered; no need to look for it again
    else if (digestOf(await bodyOf(queue, id)) !== digest) broken.changed += 1;
  }
  await queue.close();
  return broken;
}

function digestOf(body: Buffer | null): string {
  return body === null ? 'unreadable' : createHash('sha256').update(body).digest('hex');
}

describe('a queue whose process is killed', () => {
  it(
    `loses and damages nothing in ${kills} kills under load`,
    async () => {
      using folder = queueFolder();
      const promises: Promises = { digests: new Map(), attempted: new Set(), delivered: new Set() };
      let acknowledged = 0;
      for (let count = 0; count < kills; count += 1) {
        const before = promises.digests.size;
        await runAndKill(folder.path, promises);
        acknowledged += promises.digests.size - before;
        expect(await findBroken(folder.path, promises)).toEqual({ lost: 0, changed: 0, returned: 0, damaged: 0 });
      }
      console.log(`${kills} kills, ${acknowledged} messages acknowledged, ${promises.attempted.size} delivered`);
      expect(acknowledged).toBeGreaterThan(kills * 5);
    },
    kills * 10_000,
  );
});
