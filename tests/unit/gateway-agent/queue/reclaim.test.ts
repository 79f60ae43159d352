// The log's files: they do not grow without bound, and what is reclaimed does not come back.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accept, bodyOf, envelopeFor, opened, queueFolder } from '../../../support/queue-folder.ts';

const settings = { segmentBytes: 100_000, slackBytes: 400_000 };

describe('Reclaimer', () => {
  it('keeps the log bounded while 20 MB pass and one old message stays', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path, settings);
    const body = Buffer.alloc(10_000, 'x');
    const stays = await accept(queue, 'I wait', envelopeFor('b@mx.test', 'c@mx.test', 'd@mx.test'));
    queue.record(stays, [
      { index: 0, state: 'delivered' },
      { index: 1, state: 'deferred', nextAttemptAt: 5, lastReply: '451 later' },
    ]);
    queue.act(stays, 'hold');
    let most = 0;
    for (let round = 0; round < 200; round += 1) {
      const ids = await Promise.all(Array.from({ length: 10 }, () => accept(queue, body)));
      for (const id of ids) queue.record(id, [{ index: 0, state: 'delivered' }]);
      await queue.flush();
      most = Math.max(most, queue.gauges().logBytes);
    }
    await queue.close();

    const reopened = opened(folder.path, settings);

    expect(most).toBeLessThan(2_000_000); // reclaiming runs beside acceptance
    expect(reopened.list().messages.map(({ id }) => id)).toEqual([stays]);
    expect(String(await bodyOf(reopened, stays))).toBe('I wait');
    expect(reopened.message(stays)?.recipients).toMatchObject([
      { state: 'delivered', attempts: 1 },
      { state: 'held', attempts: 1, lastReply: '451 later' },
      { state: 'held', attempts: 0 },
    ]);
    await reopened.close();
  });

  it('copies no message forward while most of the log is alive', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path, settings);
    const body = Buffer.alloc(10_000, 'x');
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => accept(queue, body)));
    }

    expect(queue.gauges().messages).toBe(200);
    expect(queue.gauges().logBytes).toBeLessThan(200 * 10_600);
    await queue.close();
  });

  it('leaves one segment at most when everything is delivered', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path, settings);
    const ids = await Promise.all(Array.from({ length: 100 }, () => accept(queue, Buffer.alloc(10_000, 'x'))));
    for (const id of ids) queue.record(id, [{ index: 0, state: 'delivered' }]);
    await queue.close();
    await opened(folder.path, settings).close();

    expect(readdirSync(folder.path).filter((name) => name.startsWith('log-')).length).toBeLessThanOrEqual(1);
  });
});
