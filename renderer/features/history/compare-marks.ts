// Which saves are marked to be compared: two at most, and which two a press on "c" means. Pure.
import type { HistoryEntry } from '#ipc';

/** Marks or unmarks; a third one takes the place of the one marked first. */
export function marksWith(marked: readonly string[], commit: string): string[] {
  if (marked.includes(commit)) return marked.filter((each) => each !== commit);
  return [...marked.slice(-1), commit];
}

/** From the older to the newer; `to: null` is what lies in the folder now. */
export type Pair = { from: HistoryEntry; to: HistoryEntry | null };

/** The two marked ones; the marked one and the active one; or a single one and what is saved now. */
export function pairOf(
  entries: readonly HistoryEntry[],
  marked: readonly string[],
  active: HistoryEntry | null,
): Pair | null {
  const wanted = new Set(marked.length < 2 && active !== null ? [...marked, active.commit] : marked);
  const [newer, older] = entries.filter(({ commit }) => wanted.has(commit)); // newest first
  if (newer === undefined) return null;
  return older === undefined ? { from: newer, to: null } : { from: older, to: newer };
}
