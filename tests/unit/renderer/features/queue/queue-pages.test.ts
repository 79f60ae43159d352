import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../../../gateway-agent/contract/replies.ts';
import {
  entriesOf,
  nextAfter,
  pagesInView,
  putPage,
  type QueuePage,
} from '../../../../../renderer/features/queue/queue-pages.ts';

function entry(id: string, bytes = 1): QueueEntry {
  return { id, receivedAt: '2026-01-01T00:00:00Z', bytes, sender: '', recipients: [], removedAt: null };
}
function page(after: string | null, ids: string[], hasMore: boolean): QueuePage {
  return { after, entries: ids.map((id) => entry(id)), hasMore };
}
const pages = [page(null, ['a', 'b'], true), page('b', ['c', 'd'], true), page('d', ['e'], false)];
const ids = (list: readonly QueuePage[]) => entriesOf(list).map(({ id }) => id);

describe('putPage', () => {
  it('appends a page that is new and replaces one that is known', () => {
    expect(ids(putPage(pages.slice(0, 1), page('b', ['c'], false)))).toEqual(['a', 'b', 'c']);
    expect(ids(putPage(pages, page('b', ['d', 'e'], true)))).toEqual(['a', 'b', 'd', 'e']);
  });

  it('keeps nothing behind a page that has become the last', () => {
    expect(ids(putPage(pages, page(null, ['b'], false)))).toEqual(['b']);
  });
});

describe('entriesOf', () => {
  it('counts a message once where a renewed page reaches into the next', () => {
    const renewed = { after: null, entries: [entry('b'), entry('c', 7)], hasMore: true };

    const all = entriesOf(putPage(pages, renewed));

    expect(all.map(({ id }) => id)).toEqual(['b', 'c', 'd', 'e']);
    expect(all[1]?.bytes).toBe(7);
  });
});

describe('pagesInView', () => {
  it('names only the pages whose rows are seen', () => {
    expect(pagesInView(pages, 0, 1).map(({ after }) => after)).toEqual([null]);
    expect(pagesInView(pages, 3, 4).map(({ after }) => after)).toEqual(['b', 'd']);
  });
});

describe('nextAfter', () => {
  it('is the last id while there is more, and null at the end', () => {
    expect(nextAfter(pages.slice(0, 2))).toBe('d');
    expect(nextAfter(pages)).toBeNull();
    expect(nextAfter([])).toBeNull();
  });
});
