// A gateway's queue on screen: pages loaded as one scrolls, the seen ones asked again every few seconds.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '#contract/outcome';
import type { QueueEntry } from '#contract/replies';
import { callGateway } from '../../api/gateway-bridge.ts';
import type { QueueAction } from './describe-entry.ts';
import { toListInput, type QueueFilter } from './queue-filter.ts';
import { entriesOf, nextAfter, pagesInView, putPage, toPage, type QueuePage } from './queue-pages.ts';

/** A page of 500 entries is 200 KB of JSON; a second one is there before the first is scrolled through. */
const pageEntries = 500;
/** A look is one exec on a kept connection; mail that flows changes the list faster than people read it. */
const lookEveryMilliseconds = 5_000;
/** The agent takes at most this many ids in one request. */
const idsAtOnce = 1_000;

/** How many messages were changed, and what ended it before the last one. */
export type ActResult = { changed: number; problem: Problem | null };
type Loaded = { filter: QueueFilter; pages: QueuePage[]; total: number; seenAt: number };

/** The queue and what can be done with it. */
export type QueueView = {
  entries: QueueEntry[] | null; // null until the first answer
  total: number;
  seenAt: number | null;
  hasMore: boolean;
  /** The entries are still those of the filter before. */
  isStale: boolean;
  problem: Problem | null;
  isFetching: boolean;
  refresh: () => Promise<void>;
  loadMore: () => Promise<void>;
  /** Loads up to the end and gives all ids. */
  loadAll: () => Promise<string[]>;
  noteRange: (first: number, last: number) => void;
  act: (action: QueueAction, ids: readonly string[]) => Promise<ActResult>;
};

/** Follows the queue of `name` while it is on screen. */
export function useQueue(name: string, filter: QueueFilter): QueueView {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(0);
  const latest = useRef({ filter, loaded, range: [0, 0] as [number, number] });
  const underWay = useRef(0);
  useEffect(() => {
    latest.current = { ...latest.current, filter, loaded };
  });

  const loadPage = useCallback(
    async (after: string | null): Promise<QueuePage | null> => {
      const asked = latest.current.filter;
      setPending((underWay.current += 1));
      const paging = { limit: pageEntries, ...(after === null ? {} : { after }) };
      const outcome = await callGateway('queue:list', { ...toListInput(name, asked), ...paging });
      setPending((underWay.current -= 1));
      if (latest.current.filter !== asked) return null; // an answer to a question nobody asks any more
      setProblem(outcome.ok ? null : outcome.problem);
      if (!outcome.ok) return null;
      const page = toPage(after, outcome.value);
      setLoaded((before) => ({
        filter: asked,
        pages: putPage(before?.filter === asked ? before.pages : [], page),
        total: outcome.value.total,
        seenAt: Date.now(),
      }));
      return page;
    },
    [name],
  );
  const refresh = useCallback(async () => {
    const { loaded: now, filter: asked, range } = latest.current;
    const seen = now?.filter === asked ? pagesInView(now.pages, ...range) : [];
    for (const after of seen.length === 0 ? [null] : seen.map((page) => page.after)) await loadPage(after);
  }, [loadPage]);
  useEffect(() => {
    latest.current.range = [0, 0];
    void refresh();
    const look = (): void => {
      // A gateway that answers slowly is not asked on top of it; a window that nobody sees asks nothing.
      if (underWay.current === 0 && document.visibilityState === 'visible') void refresh();
    };
    const timer = setInterval(look, lookEveryMilliseconds);
    return () => clearInterval(timer);
  }, [refresh, filter]);

  const entries = useMemo(() => (loaded === null ? null : entriesOf(loaded.pages)), [loaded]);
  return {
    entries,
    total: loaded?.total ?? 0,
    seenAt: loaded?.seenAt ?? null,
    hasMore: loaded !== null && nextAfter(loaded.pages) !== null,
    isStale: loaded !== null && loaded.filter !== filter,
    problem,
    isFetching: pending > 0,
    refresh,
    loadMore: async () => {
      const after = loaded === null ? null : nextAfter(loaded.pages);
      // After a failure the next look asks again; asking here would ask without end.
      if (after !== null && problem === null && underWay.current === 0) await loadPage(after);
    },
    loadAll: () => loadAll(loaded?.pages ?? [], loadPage),
    noteRange: useCallback((first: number, last: number) => {
      latest.current.range = [first, last];
    }, []),
    act: async (action, ids) => {
      const outcome = await act(name, action, ids);
      await refresh();
      return outcome;
    },
  };
}

async function loadAll(
  loaded: readonly QueuePage[],
  loadPage: (after: string | null) => Promise<QueuePage | null>,
): Promise<string[]> {
  let pages = [...loaded];
  for (let after = nextAfter(pages); after !== null; after = nextAfter(pages)) {
    const page = await loadPage(after);
    if (page === null || page.entries.length === 0) break;
    pages = putPage(pages, page);
  }
  return entriesOf(pages).map(({ id }) => id);
}

async function act(name: string, action: QueueAction, ids: readonly string[]): Promise<ActResult> {
  let changed = 0;
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const some = ids.slice(start, start + idsAtOnce);
    const outcome = await callGateway('queue:act', { name, action, ids: some });
    if (!outcome.ok) return { changed, problem: outcome.problem };
    changed += outcome.value.changed;
  }
  return { changed, problem: null };
}
