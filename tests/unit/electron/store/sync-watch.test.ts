import { describe, expect, it, vi } from 'vitest';
import { createStep, unlessStopped } from '../../../../electron/store/sync-watch.ts';

describe('createStep', () => {
  it('tells a count of a long step a few times a second, and none of a short one', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const told: string[] = [];
    const watch = { signal: new AbortController().signal, onWords: (words: string) => told.push(words) };
    const step = createStep(watch, { words: 'Writing', total: 1000 });

    for (let item = 0; item < 1000; item++) {
      await step();
      vi.advanceTimersByTime(1);
    }
    vi.useRealTimers();

    expect(told).toEqual(['Writing: 250 of 1,000', 'Writing: 500 of 1,000', 'Writing: 750 of 1,000']);
  });

  it('lets a stop through that comes while its items leave nobody a turn', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    const step = createStep({ signal: stop.signal, onWords: () => undefined });

    const ended = await unlessStopped(stop.signal, async () => {
      for (const until = performance.now() + 2000; performance.now() < until;) await step();
    });

    expect(ended).toBeNull();
  });
});

describe('unlessStopped', () => {
  it('takes no other failure for a stop', async () => {
    const stop = new AbortController();
    stop.abort();

    await expect(unlessStopped(stop.signal, () => Promise.reject(new Error('A bug')))).rejects.toThrow('A bug');
  });
});
