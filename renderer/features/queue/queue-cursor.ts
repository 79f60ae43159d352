// Which row the keys act on. The list moves by itself as mail goes out, so the cursor keeps to its message, not to a place.
import type { QueueEntry } from '#contract/replies';

/** The message under the cursor, and where it was seen last. */
export type QueueCursor = { id: string | null; place: number };

/** Where the cursor stands now; a message that has gone leaves it at its place. */
export function placeOf({ id, place }: QueueCursor, entries: readonly QueueEntry[]): number {
  const last = Math.max(0, entries.length - 1);
  if (id === null) return 0;
  if (entries[place]?.id === id) return place; // most looks move nothing
  const found = entries.findIndex((entry) => entry.id === id);
  return Math.min(found === -1 ? place : found, last);
}

/** The cursor put on a row. */
export function cursorAt(place: number, entries: readonly QueueEntry[]): QueueCursor {
  return { id: entries[place]?.id ?? null, place };
}
