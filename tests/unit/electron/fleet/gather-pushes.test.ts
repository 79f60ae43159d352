import { describe, expect, it } from 'vitest';
import { gatherPushes } from '../../../../electron/fleet/gather-pushes.ts';

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe('gatherPushes', () => {
  it('lets a push that is alone go on at once', async () => {
    const gathering = gatherPushes();
    const started = performance.now();

    await gathering.count(() => gathering.meet());

    expect(performance.now() - started).toBeLessThan(200);
  });

  it('lets pushes that end soon after one another go on together', async () => {
    const gathering = gatherPushes();
    const went: number[] = [];
    const push = (milliseconds: number) =>
      gathering.count(async () => {
        await pause(milliseconds);
        await gathering.meet();
        went.push(performance.now());
      });

    await Promise.all([push(1), push(40), push(80)]);

    expect(Math.max(...went) - Math.min(...went)).toBeLessThan(30);
  });

  it('waits for a slow one no longer than two seconds', async () => {
    const gathering = gatherPushes();
    const slow = gathering.count(() => pause(2900));
    const started = performance.now();

    await gathering.count(() => gathering.meet());

    expect(performance.now() - started).toBeLessThan(2800);
    await slow;
  });
});
