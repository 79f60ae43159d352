// Damage at random places of the log: what was hit is set aside and counted, everything else comes back whole.
import { appendFileSync, closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { listSegments } from '../../../../gateway-agent/queue/segment-files.ts';
import { accept, bodyOf, opened, queueFolder } from '../../../support/queue-folder.ts';

/** Messages of many sizes over several segments. */
async function filledFolder(folder: string, sizes: number[]): Promise<Map<string, Buffer>> {
  const queue = opened(folder, { segmentBytes: 60_000 });
  const bodies = new Map<string, Buffer>();
  for (const [index, size] of sizes.entries()) {
    const body = Buffer.alloc(size, `message ${index} `);
    bodies.set(await accept(queue, body), body);
  }
  await queue.close();
  return bodies;
}

function overwrite(path: string, offset: number, bytes: Buffer): void {
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, offset);
  closeSync(descriptor);
}

function truncate(path: string, length: number): void {
  const descriptor = openSync(path, 'r+');
  ftruncateSync(descriptor, length);
  closeSync(descriptor);
}

/** Opens, compares every message that is there with what was accepted, and returns the ids. */
async function wholeMessages(folder: string, bodies: Map<string, Buffer>): Promise<{ ids: string[]; damaged: number }> {
  const queue = opened(folder);
  const ids: string[] = [];
  for (const { id } of queue.list().messages) {
    const body = await bodyOf(queue, id);
    if (body === null) continue; // found damaged on reading, set aside by now
    expect(body.equals(bodies.get(id)!)).toBe(true);
    ids.push(id);
  }
  const { damaged } = queue.gauges();
  await queue.close();
  return { ids, damaged };
}

const sizes = [10, 3000, 40_000, 500, 20_000, 9000, 0, 17_000, 4096, 4096, 30_000, 1, 25_000];

describe('loadLog', () => {
  it('loses only what the damage hits, wherever and however it hits', async () => {
    const damage = fc.record({
      segment: fc.nat(),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      length: fc.integer({ min: 1, max: 6000 }),
      kind: fc.constantFrom('flip', 'zero', 'noise'),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ segment, at, length, kind }) => {
        using folder = queueFolder();
        const bodies = await filledFolder(folder.path, sizes);
        const segments = listSegments(folder.path);
        const { path } = segments[segment % segments.length]!;
        const offset = Math.floor(statSync(path).size * at);
        const hit = Buffer.from(readFileSync(path).subarray(offset, offset + (kind === 'flip' ? 1 : length)));
        for (const index of hit.keys())
          hit[index] = kind === 'zero' ? 0 : hit[index]! ^ (kind === 'flip' ? 4 : 1 + (index % 255));
        overwrite(path, offset, hit);

        const { ids, damaged } = await wholeMessages(folder.path, bodies);

        // 6,000 bytes touch at most the two 4 KB messages, a record before and one behind them.
        expect(ids.length).toBeGreaterThanOrEqual(bodies.size - (kind === 'flip' ? 1 : 4));
        expect(damaged > 0 || ids.length === bodies.size).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('loses only the end when a segment in the middle is cut, and counts it', async () => {
    using folder = queueFolder();
    const bodies = await filledFolder(folder.path, sizes);
    const [first, second] = listSegments(folder.path);
    truncate(first!.path, statSync(first!.path).size - 5);

    const { ids, damaged } = await wholeMessages(folder.path, bodies);

    expect(second).toBeDefined();
    expect(ids).toHaveLength(bodies.size - 1);
    expect(damaged).toBe(1);
  });

  it('cuts an unfinished record off the last segment without counting it as damage', async () => {
    for (const missing of [1, 2990, 3000, 3010, 3200, 3250]) {
      using folder = queueFolder();
      const bodies = await filledFolder(folder.path, [100, 200, 3000]);
      const { path } = listSegments(folder.path).at(-1)!;
      truncate(path, statSync(path).size - missing);

      const { ids, damaged } = await wholeMessages(folder.path, bodies);

      expect({ missing, damaged, ids: ids.length }).toEqual({ missing, damaged: 0, ids: 2 });
      expect(readdirSync(join(folder.path, 'damaged'))).toHaveLength(1);
    }
  });

  it('takes zeros at the end of the last segment for what a power cut leaves', async () => {
    using folder = queueFolder();
    const bodies = await filledFolder(folder.path, [100, 200]);
    const { path } = listSegments(folder.path).at(-1)!;
    truncate(path, statSync(path).size + 3_000_000);

    const { ids, damaged } = await wholeMessages(folder.path, bodies);

    expect({ damaged, ids: ids.length }).toEqual({ damaged: 0, ids: 2 });
    expect(statSync(path).size).toBeLessThan(2000);
  });

  it('is not fooled by a message that contains a copy of a record', async () => {
    using folder = queueFolder();
    const forger = queueFolder();
    const forged = await filledFolder(forger.path, [50]);
    const record = readFileSync(listSegments(forger.path)[0]!.path);
    rmSync(forger.path, { recursive: true });
    const queue = opened(folder.path);
    await accept(queue, record);
    await accept(queue, 'behind it');
    await queue.close();
    overwrite(listSegments(folder.path)[0]!.path, 9, Buffer.from([255])); // the head that covers the forged record

    const reopened = opened(folder.path);

    expect(reopened.list().messages).toHaveLength(1);
    expect(reopened.message([...forged.keys()][0]!)).toBeNull();
    expect(reopened.gauges().damaged).toBe(1);
    await reopened.close();
  });

  it('counts a damaged small body at start-up, before anybody reads it', async () => {
    using folder = queueFolder();
    await filledFolder(folder.path, [5000, 5000]);
    overwrite(listSegments(folder.path)[0]!.path, 2000, Buffer.from('damage'));

    const queue = opened(folder.path);

    expect(queue.gauges()).toMatchObject({ messages: 1, damaged: 1 });
    await queue.close();
  });

  it('finds the same damage once, however often it starts', async () => {
    using folder = queueFolder();
    const bodies = await filledFolder(folder.path, sizes);
    overwrite(listSegments(folder.path)[0]!.path, 100, Buffer.from('damage'));

    const counts = [];
    for (let start = 0; start < 3; start += 1) counts.push((await wholeMessages(folder.path, bodies)).damaged);

    expect(counts).toEqual([1, 1, 1]);
    expect(readdirSync(join(folder.path, 'damaged'))).toHaveLength(1);
  });

  it('removes large files nobody knows, and sets a message aside whose large file is not what it was', async () => {
    using folder = queueFolder();
    const bodies = await filledFolder(folder.path, [400_000, 500_000, 600_000]);
    const [short, flipped, whole] = [...bodies.keys()];
    truncate(join(folder.path, 'large', short!), 1000);
    overwrite(join(folder.path, 'large', flipped!), 77, Buffer.from('?'));
    appendFileSync(join(folder.path, 'large', 'stranger'), 'x');
    const queue = opened(folder.path);

    expect(queue.message(short!)).toBeNull();
    await expect(bodyOf(queue, flipped!)).rejects.toThrow(/damaged/);
    expect(queue.message(flipped!)).toBeNull();
    expect((await bodyOf(queue, whole!))?.equals(bodies.get(whole!)!)).toBe(true);
    expect(queue.gauges()).toMatchObject({ messages: 1, damaged: 2 });
    expect(readdirSync(join(folder.path, 'large'))).toEqual([whole]);
    await queue.close();
  });

  it('keeps the large file of a message whose record is damaged, for a person to look at', async () => {
    using folder = queueFolder();
    const [id] = (await filledFolder(folder.path, [400_000, 10])).keys();
    overwrite(listSegments(folder.path)[0]!.path, 60, Buffer.from('damage'));

    const queue = opened(folder.path);

    expect(queue.gauges()).toMatchObject({ messages: 1, damaged: 1 });
    expect(statSync(join(folder.path, 'damaged', `${id}.body`)).size).toBe(400_000);
    await queue.close();
  });

  it('is kept from nothing by folders and dead links that lie there', async () => {
    using folder = queueFolder();
    const bodies = await filledFolder(folder.path, [400_000, 10]);
    mkdirSync(join(folder.path, 'log-0000000007-0123456789abcdef'));
    mkdirSync(join(folder.path, 'large', 'lost+found'));
    const names = ['log-0000000008-0123456789abcdef', 'large/dead', 'damaged/dead'];
    for (const name of names) symlinkSync('/nonexistent', join(folder.path, name));

    expect(await wholeMessages(folder.path, bodies)).toEqual({ ids: [...bodies.keys()], damaged: 0 });
  });

  it('does not keep mail for years when the clock was ahead and has been put right', async () => {
    using folder = queueFolder();
    const ahead = Date.now() + 10 * 365 * 24 * 3_600_000;
    const wrong = opened(folder.path, { now: () => ahead });
    const id = await accept(wrong, 'x');
    wrong.takeDue(1);
    wrong.record(id, [{ index: 0, state: 'deferred', nextAttemptAt: ahead + 60_000, lastReply: '451 later' }]);
    await wrong.close();

    const right = opened(folder.path);

    expect(right.takeDue(1)).toMatchObject([{ id, recipients: [{ state: 'deferred', attempts: 1 }] }]);
    expect(right.message(id)?.receivedAt).toBeLessThanOrEqual(Date.now());
    await right.close();
  });

  it('finds a segment again whose number has outgrown ten digits', async () => {
    using folder = queueFolder();
    const bodies = await filledFolder(folder.path, []);
    appendFileSync(join(folder.path, 'log-9999999999-0123456789abcdef'), '');

    const queue = opened(folder.path);
    bodies.set(await accept(queue, 'x'), Buffer.from('x'));
    await queue.close();

    expect((await wholeMessages(folder.path, bodies)).ids).toEqual([...bodies.keys()]);
  });
});
