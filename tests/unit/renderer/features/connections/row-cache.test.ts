// Rows fetched by the page.
import { describe, expect, it } from 'vitest';
import { createRowCache } from '../../../../../renderer/features/connections/row-cache.ts';

function fakeList() {
  const asked: number[] = [];
  const held = { revision: 1 };
  const cache = createRowCache(
    async (offset: number, count: number) => {
      asked.push(offset);
      const rows = Array.from({ length: count }, (_, index) => `${held.revision}:${offset + index}`);
      return { revision: held.revision, rows };
    },
    () => undefined,
  );
  return { asked, held, cache };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('createRowCache', () => {
  it('fetches each page once', async () => {
    const { asked, cache } = fakeList();

    cache.need({ first: 90, last: 110, revision: 1 });
    cache.need({ first: 90, last: 110, revision: 1 });
    await settle();
    cache.need({ first: 95, last: 120, revision: 1 });

    expect(asked).toEqual([0, 100]);
    expect(cache.at(110)).toBe('1:110');
  });

  it('shows the old row until the new one is there', async () => {
    const { held, cache } = fakeList();
    cache.need({ first: 0, last: 5, revision: 1 });
    await settle();

    held.revision = 2;
    cache.need({ first: 0, last: 5, revision: 2 });

    expect(cache.at(3)).toBe('1:3');
    await settle();
    expect(cache.at(3)).toBe('2:3');
  });

  it('forgets the pages that were fetched longest ago', async () => {
    const { cache } = fakeList();
    for (let page = 0; page <= 100; page += 1) {
      cache.need({ first: page * 100, last: page * 100, revision: 1 });
      await settle();
    }

    expect(cache.at(0)).toBeUndefined();
    expect(cache.at(10_000)).toBe('1:10000');
  });
});
