import { describe, expect, it } from 'vitest';
import { runMany } from '../../../../electron/fleet/run-many.ts';

describe('runMany', () => {
  it('answers in the order of the items and runs no more than the limit at once', async () => {
    let running = 0;
    let most = 0;
    const items = Array.from({ length: 20 }, (_, index) => index);

    const answers = await runMany(items, 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, (item * 7) % 5));
      running -= 1;
      return item * 2;
    });

    expect(answers).toEqual(items.map((item) => item * 2));
    expect(most).toBe(3);
  });
});
