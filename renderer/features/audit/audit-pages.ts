// The audit log on screen: the newest page, and older ones behind it as far as somebody asked for them.
import { useState } from 'react';
import type { Problem } from '#contract/outcome';
import type { AuditEntry } from '#ipc';
import { callGateway, useCall } from '../../api/gateway-bridge.ts';

/** Two screens of a large monitor: one more press brings the next. */
const pageEntries = 100;

/** What the screen shows; `entries: null` until the first answer. */
export type AuditPages = {
  entries: AuditEntry[] | null;
  hasMore: boolean;
  problem: Problem | null;
  isFetching: boolean;
  reload: () => Promise<void>;
  loadMore: () => Promise<void>;
};

/** `behind` tells which newest page these follow: after another one there could be a gap between. */
type Older = { behind: string; entries: AuditEntry[]; hasMore: boolean; problem: Problem | null };

/** Entries about `target`, or all of them. */
export function useAuditPages(target: string | null): AuditPages {
  const newest = useCall('audit:list', { target, before: null, limit: pageEntries });
  const [loaded, setLoaded] = useState<Older | null>(null);
  const [isLoading, setLoading] = useState(false);
  const behind = `${target ?? ''} ${newest.updatedAt}`;
  const older = loaded?.behind === behind ? loaded : null;
  const entries = newest.value === undefined ? null : [...newest.value.entries, ...(older?.entries ?? [])];
  const hasMore = older?.hasMore ?? newest.value?.hasMore ?? false;
  const loadMore = async (): Promise<void> => {
    setLoading(true);
    const page = await callGateway('audit:list', { target, before: entries?.at(-1)?.at ?? null, limit: pageEntries });
    setLoading(false);
    const before = older?.entries ?? [];
    setLoaded(
      page.ok
        ? { behind, entries: [...before, ...page.value.entries], hasMore: page.value.hasMore, problem: null }
        : { behind, entries: before, hasMore, problem: page.problem },
    );
  };
  return {
    entries,
    hasMore,
    problem: newest.problem ?? older?.problem ?? null,
    isFetching: newest.isFetching || isLoading,
    reload: newest.reload,
    loadMore,
  };
}
