// A disk without space or inodes: refused with a code, nothing partial kept, and accepted again by itself.
import { randomBytes } from 'node:crypto';
import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Queue } from '../../gateway-agent/queue/queue.ts';
import { accept, bodyOf, envelopeFor, opened, queueFolder } from '../support/queue-folder.ts';
import { smallDisk } from '../support/small-disk.ts';

const settings = { segmentBytes: 1_000_000, memoryBytes: 1_000_000 };

/** Commits messages of that size until one is refused; gives back the accepted ones and the code of the refusal. */
async function fill(queue: Queue, bytes: number): Promise<{ bodies: Map<string, Buffer>; code: string }> {
  const bodies = new Map<string, Buffer>();
  for (let count = 0; count < 1000; count += 1) {
    const body = randomBytes(bytes);
    const incoming = queue.begin(envelopeFor('b@mx.test'));
    for (let at = 0; at < bytes; at += 65_536) await incoming.write(body.subarray(at, at + 65_536));
    const committed = await incoming.commit();
    if (!committed.ok) return { bodies, code: committed.problem.code };
    bodies.set(committed.value.id, body);
  }
  throw new Error('the disk did not fill up');
}

/** Writes to a file until not a byte is left. */
function fillUp(path: string): void {
  for (let bytes = 1_048_576; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(bytes));
    } catch {
      // The next smaller piece may still fit.
    }
  }
}

async function acceptsWithin(queue: Queue, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const incoming = queue.begin(envelopeFor('b@mx.test'));
    await incoming.write(Buffer.from('small'));
    if ((await incoming.commit()).ok) return true;
    await sleep(100);
  }
  return false;
}

async function expectWhole(queue: Queue, bodies: Map<string, Buffer>): Promise<void> {
  for (const [id, body] of bodies) expect((await bodyOf(queue, id))?.equals(body)).toBe(true);
}

describe('a queue on a full disk', () => {
  it('refuses small messages as storage-failed, keeps the others, and accepts again when space is freed', async () => {
    using disk = smallDisk('size=8m');
    const events: string[] = [];
    const queue = opened(disk.path, { ...settings, report: ({ event }) => events.push(event) });
    writeFileSync(join(disk.path, 'filler'), randomBytes(3_000_000));

    const { bodies, code } = await fill(queue, 50_000);
    const hadRoom = queue.hasRoomFor(1_000_000);
    rmSync(join(disk.path, 'filler'));
    const recovered = await acceptsWithin(queue, 5000);
    await queue.close();
    const reopened = opened(disk.path, settings);

    expect(code).toBe('storage-failed');
    expect(hadRoom).toBe(false);
    expect(recovered).toBe(true);
    expect(events).toEqual(['queue-stopped', 'queue-recovered']);
    expect(reopened.gauges()).toMatchObject({ messages: bodies.size + 1, damaged: 0 });
    await expectWhole(reopened, bodies);
    await reopened.close();
  });

  it('frees itself when what filled the disk is delivered, and delivered messages stay delivered', async () => {
    using disk = smallDisk('size=8m');
    const queue = opened(disk.path, settings);
    const { bodies } = await fill(queue, 50_000);

    for (const id of bodies.keys()) queue.record(id, [{ index: 0, state: 'delivered' }]);
    const recovered = await acceptsWithin(queue, 5000);
    await queue.close();
    const reopened = opened(disk.path, settings);

    expect(recovered).toBe(true);
    expect(reopened.gauges()).toMatchObject({ messages: 1, damaged: 0 });
    await reopened.close();
  });

  it('still writes down what was delivered, and keeps only what was not', async () => {
    using disk = smallDisk('size=8m');
    const queue = opened(disk.path, settings);
    const { bodies } = await fill(queue, 50_000);
    const [kept, ...delivered] = [...bodies.keys()];
    fillUp(join(disk.path, 'filler')); // not a byte is left, and the oldest segment must stay

    for (const id of delivered) queue.record(id, [{ index: 0, state: 'delivered' }]);
    await expect.poll(async () => (await queue.flush()).ok, { timeout: 5000 }).toBe(true);
    const reopened = opened(disk.path, settings); // as after a crash: the first one is not closed yet
    const left = reopened.list().messages.map(({ id }) => id);

    expect(left).toEqual([kept]);
    expect((await bodyOf(reopened, kept!))?.equals(bodies.get(kept!)!)).toBe(true);
    await reopened.close();
    await queue.close();
  });

  it('refuses a large message, leaves nothing of it, and goes on with small ones', async () => {
    using disk = smallDisk('size=8m');
    const queue = opened(disk.path, settings);
    await accept(queue, 'opens a segment');

    const { bodies, code } = await fill(queue, 3_000_000);

    expect(code).toBe('storage-failed');
    expect(readdirSync(join(disk.path, 'large'))).toEqual([...bodies.keys()]);
    expect(await acceptsWithin(queue, 1000)).toBe(true);
    await expectWhole(queue, bodies);
    await queue.close();
  });

  it('refuses when no inode is left, and accepts again when one is', async () => {
    using disk = smallDisk('size=8m,nr_inodes=40');
    const queue = opened(disk.path, settings);
    for (let count = 0; readdirSync(disk.path).length < 37; count += 1) writeFileSync(join(disk.path, `f${count}`), '');
    await accept(queue, 'opens a segment');
    const { code } = await fill(queue, 300_000);

    const hadRoom = queue.hasRoomFor(1000);
    for (const name of readdirSync(disk.path)) if (name.startsWith('f')) rmSync(join(disk.path, name));
    await sleep(1100); // the look at the file system is kept for a second

    expect(code).toBe('storage-failed');
    expect(hadRoom).toBe(false);
    expect(queue.hasRoomFor(1000)).toBe(true);
    expect(await acceptsWithin(queue, 1000)).toBe(true);
    await queue.close();
  });
});

describe('openQueue', () => {
  it('reads 100,000 messages in less than 5 seconds of CPU time', async () => {
    using folder = queueFolder();
    const filled = opened(folder.path);
    const body = Buffer.alloc(4096, 'x');
    for (let round = 0; round < 100; round += 1) {
      await Promise.all(Array.from({ length: 1000 }, () => accept(filled, body)));
    }
    await filled.close();

    // A quiet machine takes about as long by the clock; a neighbour on the same cores must not fail this.
    const start = process.cpuUsage();
    const queue = opened(folder.path);
    const { user, system } = process.cpuUsage(start);

    expect(queue.gauges().messages).toBe(100_000);
    expect((user + system) / 1000).toBeLessThan(5000);
    await queue.close();
  });
});
