// The saves on screen: the newest page, kept fresh by itself, and older ones behind it as far as somebody scrolled.
import { useRef, useState } from 'react';
import type { HistoryEntry } from '#ipc';
import type { Problem } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { callGateway, useCall } from '../../api/gateway-bridge.ts';

/** Three screens of a large monitor. */
const pageEntries = 100;

/** What the screen shows; `entries: null` until the first answer. */
export type HistoryPages = {
  entries: HistoryEntry[] | null;
  /** The beginning of the history was not reached yet. */
  hasMore: boolean;
  problem: Problem | null;
  isFetching: boolean;
  reload: () => Promise<void>;
  loadMore: () => Promise<void>;
};

type Page = { entries: HistoryEntry[]; next: string | null };
/** All that is known of one scope, from a newest page on. */
type Known = Page & { of: Scope | null };

/** Saves that touched `scope`, or all of them. The scope stays the same object while its screen is open. */
export function useHistoryPages(scope: Scope | null): HistoryPages {
  const newest = useCall('history:log', { scope, after: null, limit: pageEntries });
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setLoading] = useState(false);
  const asking = useRef<string | null>(null);
  const page = newest.value === undefined ? null : joined(newest.value, known?.of === scope ? known : null);
  const loadMore = async (): Promise<void> => {
    const after = page?.next ?? null;
    if (page === null || after === null || asking.current === after) return;
    asking.current = after;
    setLoading(true);
    const older = await callGateway('history:log', { scope, after, limit: pageEntries });
    asking.current = null;
    setLoading(false);
    setProblem(older.ok ? null : older.problem);
    if (older.ok) setKnown({ of: scope, entries: [...page.entries, ...older.value.entries], next: older.value.next });
  };
  return {
    entries: page?.entries ?? null,
    hasMore: page !== null && page.next !== null,
    problem: newest.problem ?? problem,
    isFetching: newest.isFetching || isLoading,
    reload: async () => {
      setProblem(null);
      await newest.reload();
    },
    loadMore,
  };
}

/** A save adds to the newest page; what was loaded behind it stays, unless the two do not meet. */
function joined(newest: Page, known: Page | null): Page {
  if (known === null) return newest;
  const last = newest.entries.at(-1)?.commit;
  const meets = known.entries.findIndex(({ commit }) => commit === last);
  if (meets === -1) return newest.entries.length === 0 && newest.next !== null ? known : newest;
  return { entries: [...newest.entries, ...known.entries.slice(meets + 1)], next: known.next };
}
