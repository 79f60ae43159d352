// The loaded part of a long queue: pages in their order, each known by the id that stands before it.
import type { QueueEntry, Replies } from '#contract/replies';

/** `after: null` is the first page. */
export type QueuePage = { after: string | null; entries: QueueEntry[]; hasMore: boolean };

/** A page from the gateway's answer. */
export function toPage(after: string | null, { entries, hasMore }: Replies['queue']): QueuePage {
  return { after, entries, hasMore };
}

/** The pages with one put in its place; behind a page that is the last one nothing is kept. */
export function putPage(pages: readonly QueuePage[], page: QueuePage): QueuePage[] {
  const at = pages.findIndex(({ after }) => after === page.after);
  if (at === -1) return [...pages, page];
  const behind = page.hasMore ? pages.slice(at + 1) : [];
  return [...pages.slice(0, at), page, ...behind];
}

/** All loaded entries. A page asked again after deliveries reaches into the next one: the first copy counts. */
export function entriesOf(pages: readonly QueuePage[]): QueueEntry[] {
  const byId = new Map<string, QueueEntry>();
  for (const { entries } of pages) for (const entry of entries) if (!byId.has(entry.id)) byId.set(entry.id, entry);
  return [...byId.values()];
}

/** The pages that hold rows `first` to `last`, so that a refresh asks for what is seen and not for all. */
export function pagesInView(pages: readonly QueuePage[], first: number, last: number): QueuePage[] {
  let start = 0;
  return pages.filter(({ entries }) => {
    const end = start + entries.length;
    const isSeen = start <= last && end >= first;
    start = end;
    return isSeen;
  });
}

/** Where the next page starts; null when everything is loaded. */
export function nextAfter(pages: readonly QueuePage[]): string | null {
  const last = pages.at(-1);
  return last?.hasMore === true ? (last.entries.at(-1)?.id ?? null) : null;
}
