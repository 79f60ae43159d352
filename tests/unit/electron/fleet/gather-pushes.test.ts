import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatherPushes } from '../../../../electron/fleet/gather-pushes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe('gatherPushes', () => {
  it('lets a push that is alone go on at once', async () => {
    const gathering = gatherPushes();

    await gathering.count(() => gathering.meet()); // no clock runs: a wait would never end

    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets pushes that end soon after one another go on together', async () => {
    const gathering = gatherPushes();
    const went: number[] = [];
    const push = (milliseconds: number) =>
      gathering.count(async () => {
        await pause(milliseconds);
        await gathering.meet();
        went.push(milliseconds);
      });
    const all = Promise.all([push(1), push(40), push(80)]);

    await vi.advanceTimersByTimeAsync(79);
    const before = [...went];
    await vi.advanceTimersByTimeAsync(1);
    await all;

    expect([before, went]).toEqual([[], [1, 40, 80]]);
  });

  it('waits for a slow one no longer than two seconds', async () => {
    const gathering = gatherPushes();
    let hasGone = false;
    const slow = gathering.count(() => pause(2900));
    const quick = gathering.count(() => gathering.meet()).then(() => (hasGone = true));

    await vi.advanceTimersByTimeAsync(1999);
    const before = hasGone;
    await vi.advanceTimersByTimeAsync(1);
    await quick;
    await vi.advanceTimersByTimeAsync(900);
    await slow;

    expect(before).toBe(false);
  });
});
