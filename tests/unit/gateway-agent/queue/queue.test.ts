// The queue over real folders: what comes back after it is closed, dropped or opened again, and in which order.
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { undoMilliseconds } from '../../../../gateway-agent/queue/message-index.ts';
import { queueIdPattern } from '../../../../gateway-agent/queue/queue-id.ts';
import { accept, bodyOf, envelopeFor, opened, queueFolder } from '../../../support/queue-folder.ts';

describe('openQueue', () => {
  it('gives back what was committed, with its envelope, after it was opened again', async () => {
    using folder = queueFolder();
    const first = opened(folder.path);
    const id = await accept(first, 'Subject: x\r\n\r\nhello\r\n', envelopeFor('b@mx.test', 'c@other.test'));
    await first.close();

    const second = opened(folder.path);

    expect(id).toMatch(queueIdPattern);
    expect(String(await bodyOf(second, id))).toBe('Subject: x\r\n\r\nhello\r\n');
    expect(second.message(id)?.envelope).toEqual(envelopeFor('b@mx.test', 'c@other.test'));
    expect(second.gauges()).toMatchObject({ messages: 1, bytes: 21, damaged: 0, memoryBytes: 0 });
    await second.close();
  });

  it('has no message that was discarded, small or large', async () => {
    using folder = queueFolder();
    const first = opened(folder.path);
    for (const size of [10, 1_000_000]) {
      const incoming = first.begin(envelopeFor('b@mx.test'));
      await incoming.write(randomBytes(size));
      incoming.discard();
    }
    await first.close();

    const second = opened(folder.path);

    expect(second.gauges()).toMatchObject({ messages: 0, memoryBytes: 0 });
    expect(readdirSync(join(folder.path, 'large'))).toEqual([]);
    await second.close();
  });

  it('keeps a large message in a file, streams it, and removes the file when it is delivered', async () => {
    using folder = queueFolder();
    const first = opened(folder.path);
    const content = randomBytes(3_000_000);
    const incoming = first.begin(envelopeFor('b@mx.test'));
    for (let at = 0; at < content.length; at += 60_000) await incoming.write(content.subarray(at, at + 60_000));
    const committed = await incoming.commit();
    await first.close();
    const second = opened(folder.path);
    expect(second.gauges().memoryBytes).toBe(0);

    const body = await bodyOf(second, incoming.id);
    second.record(incoming.id, [{ index: 0, state: 'delivered' }]);
    await second.flush();
    await expect.poll(() => readdirSync(join(folder.path, 'large'))).toEqual([]);

    expect(committed.ok).toBe(true);
    expect(body?.equals(content)).toBe(true);
    await second.close();
  });

  it('fails as storage-failed where the folder cannot be made', () => {
    expect(() => opened('/proc/no-queue-here')).toThrow(/mail queue cannot be used/);
  });
});

describe('Queue', () => {
  it('hands a message out once until it is given back, and again after a restart', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const id = await accept(queue, 'x');

    const taken = queue.takeDue(10).map((message) => message.id);
    const takenAgain = queue.takeDue(10);
    queue.giveBack(id);
    const takenAfter = queue.takeDue(10).map((message) => message.id);
    await queue.close();
    const reopened = opened(folder.path);

    expect([taken, takenAgain, takenAfter]).toEqual([[id], [], [id]]);
    expect(reopened.takeDue(10)).toHaveLength(1);
    await reopened.close();
  });

  it('hands out in the order of next attempts', async () => {
    using folder = queueFolder();
    let time = 1000;
    const queue = opened(folder.path, { now: () => time });
    const [late, early] = [await accept(queue, 'x'), await accept(queue, 'y')];
    queue.takeDue(10);
    queue.record(late, [{ index: 0, state: 'deferred', nextAttemptAt: 9000, lastReply: '451 later' }]);
    queue.record(early, [{ index: 0, state: 'deferred', nextAttemptAt: 5000 }]);
    queue.giveBack(late);
    queue.giveBack(early);

    const first = queue.nextDueAt();
    time = 6000;
    const taken = queue.takeDue(10).map(({ id }) => id);
    time = 9000;

    expect(first).toBe(5000);
    expect(taken).toEqual([early]);
    expect(queue.takeDue(10).map(({ id }) => id)).toEqual([late]);
    await queue.close();
  });

  it('remembers attempts and replies, and forgets a message whose recipients are all final', async () => {
    using folder = queueFolder();
    const first = opened(folder.path);
    const id = await accept(first, 'x', envelopeFor('b@mx.test', 'c@mx.test'));
    first.record(id, [
      { index: 0, state: 'delivered' },
      { index: 1, state: 'deferred', nextAttemptAt: 5000, lastReply: '451 4.7.1 greylisted' },
    ]);
    await first.close();

    const second = opened(folder.path);
    const kept = second.message(id)?.recipients;
    second.record(id, [{ index: 1, state: 'bounced', lastReply: '550 no' }]);
    await second.close();
    const third = opened(folder.path);

    expect(kept?.[0]).toMatchObject({ address: 'b@mx.test', state: 'delivered', attempts: 1 });
    expect(kept?.[1]).toMatchObject({ state: 'deferred', nextAttemptAt: 5000, lastReply: '451 4.7.1 greylisted' });
    expect(third.gauges().messages).toBe(0);
    await third.close();
  });

  it('holds, releases and retries', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const id = await accept(queue, 'x');
    let due = 0;
    queue.whenDue(() => (due += 1));

    expect(queue.act(id, 'hold')).toBe(true);
    expect(queue.act(id, 'hold')).toBe(false);
    expect(queue.takeDue(10)).toEqual([]);
    expect(queue.act(id, 'retry')).toBe(false);
    expect(queue.act(id, 'release')).toBe(true);
    expect(queue.takeDue(10)).toHaveLength(1);
    queue.record(id, [{ index: 0, state: 'deferred', nextAttemptAt: Date.now() + 1e6 }]);
    queue.giveBack(id);
    expect(queue.act(id, 'retry')).toBe(true);
    expect(queue.takeDue(10)).toHaveLength(1);
    expect(due).toBe(2);
    await queue.close();
  });

  it('keeps a message held that was put on hold during an attempt, and forgets it when the attempt delivers', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const [deferred, delivered] = [await accept(queue, 'x'), await accept(queue, 'y')];
    queue.takeDue(10);
    for (const id of [deferred, delivered]) queue.act(id, 'hold');

    queue.record(deferred, [{ index: 0, state: 'deferred', nextAttemptAt: 0 }]);
    queue.record(delivered, [{ index: 0, state: 'delivered' }]);
    queue.giveBack(deferred);

    expect(queue.message(deferred)?.recipients[0]?.state).toBe('held');
    expect(queue.message(delivered)).toBeNull();
    expect(queue.takeDue(10)).toEqual([]);
    await queue.close();
  });

  it('restores a removed message until the time for it is over, across a restart', async () => {
    using folder = queueFolder();
    let time = 1000;
    const first = opened(folder.path, { now: () => time });
    const [restored, gone] = [await accept(first, 'x'), await accept(first, 'y')];
    first.remove(restored);
    first.remove(gone);
    expect(first.takeDue(10)).toEqual([]);
    await first.close();

    const second = opened(folder.path, { now: () => time });
    expect(second.restore(restored)).toBe(true);
    time += undoMilliseconds;

    expect(second.takeDue(10).map(({ id }) => id)).toEqual([restored]);
    expect(second.message(gone)).toBeNull();
    expect(second.restore(gone)).toBe(false);
    await second.close();
  });

  it('filters by domain, age, state and error, page by page', async () => {
    using folder = queueFolder();
    let time = 1000;
    const queue = opened(folder.path, { now: () => time });
    const old = await accept(queue, 'x', envelopeFor('b@One.test'));
    time = 2000;
    const fresh = await accept(queue, 'x', envelopeFor('b@two.test'));
    queue.record(old, [{ index: 0, state: 'deferred', nextAttemptAt: 1, lastReply: '451 Greylisted' }]);
    const ids = (filter: object) => queue.list(filter).messages.map(({ id }) => id);

    expect(ids({ domain: 'one.test' })).toEqual([old]);
    expect(ids({ olderThan: 1500 })).toEqual([old]);
    expect(ids({ state: 'queued' })).toEqual([fresh]);
    expect(ids({ error: 'greylist' })).toEqual([old]);
    expect(ids({ after: old })).toEqual([fresh]);
    expect(queue.list({ limit: 1 })).toMatchObject({ total: 2, messages: [{ id: old }] });
    await queue.close();
  });

  it('shows the header section without the body', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const small = await accept(queue, 'Subject: a\r\nTo: b\r\n\r\nsecret');
    const large = await accept(queue, Buffer.concat([Buffer.from('Subject: big\r\n\r\n'), randomBytes(500_000)]));

    expect(await queue.header(small)).toEqual({ ok: true, value: 'Subject: a\r\nTo: b\r\n' });
    expect(await queue.header(large)).toEqual({ ok: true, value: 'Subject: big\r\n' });
    await queue.close();
  });

  it('holds no more body in memory than allowed and reads the rest back', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path, { memoryBytes: 50_000 });
    const bodies = new Map<string, Buffer>();
    for (let count = 0; count < 20; count += 1) {
      const body = randomBytes(10_000);
      bodies.set(await accept(queue, body), body);
    }

    expect(queue.gauges().memoryBytes).toBeLessThanOrEqual(50_000);
    for (const [id, body] of bodies) expect((await bodyOf(queue, id))?.equals(body)).toBe(true);
    await queue.close();
  });

  it('answers a flush while others never stop writing', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    let isOver = false;
    const load = async () => {
      while (!isOver) await accept(queue, 'x');
    };
    const sessions = Array.from({ length: 8 }, load);
    const id = await accept(queue, 'y');
    queue.record(id, [{ index: 0, state: 'delivered' }]);

    const flushed = await Promise.race([queue.flush(), sleep(3000).then(() => 'still waiting')]);
    isOver = true;
    await Promise.all(sessions);

    expect(flushed).toEqual({ ok: true, value: undefined });
    await queue.close();
  });

  it('finishes what was being committed when it is closed, and refuses what comes later', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const early = queue.begin(envelopeFor('b@mx.test'));
    const late = queue.begin(envelopeFor('b@mx.test'));
    const committing = early.commit();

    await queue.close();
    const outcomes = [(await committing).ok, (await late.commit()).ok];
    const reopened = opened(folder.path);

    expect(outcomes).toEqual([true, false]);
    expect(reopened.list().messages.map(({ id }) => id)).toEqual([early.id]);
    await reopened.close();
  });
});
