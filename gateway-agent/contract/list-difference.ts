// The difference between two address lists or two lists of words, counted and shown up to a limit.
import { formatBlock, parseListLine } from './addresses.ts';

/** Entries shown of each side; more than a person reads, few enough for a reply. */
const shownEntries = 200;

/** What a review says of a list: '+ 3 entries, − 1', and the entries themselves, cut at 200. */
export type ListDifference = { words: string; added: string[]; removed: string[] };

/** Compares by block, whatever the spelling; null when the same entries with the same notes are in both. */
export function describeListDifference(before: string, after: string): ListDifference | null {
  if (before === after) return null;
  // Equal lines are dropped before any is parsed: two lists of a million entries mostly share them.
  const beforeLines = new Set(linesOf(before));
  const afterLines = new Set(linesOf(after));
  const gone = readEntries([...beforeLines].filter((line) => !afterLines.has(line)));
  const come = readEntries([...afterLines].filter((line) => !beforeLines.has(line)));
  const inBoth = [...come.keys()].filter((block) => gone.has(block));
  const renoted = inBoth.filter((block) => gone.get(block) !== come.get(block)).length;
  const added = [...come].filter(([block]) => !gone.has(block)).map(showEntry);
  const removed = [...gone].filter(([block]) => !come.has(block)).map(showEntry);
  return countInWords({ added, removed, renoted });
}

/** The same for plain words, such as domains; their order means nothing. */
export function describeWordsDifference(before: readonly string[], after: readonly string[]): ListDifference | null {
  const had = new Set(before);
  const has = new Set(after);
  const added = [...has].filter((word) => !had.has(word));
  const removed = [...had].filter((word) => !has.has(word));
  return countInWords({ added, removed, renoted: 0 });
}

/** Lines that hold an entry, as a person counts them. */
export function countEntries(text: string): number {
  let count = 0;
  for (const line of linesOf(text)) if (line !== '' && !line.startsWith('#')) count++;
  return count;
}

/** '1 entry', '1,204 entries'. */
export function entriesInWords(count: number): string {
  return count === 1 ? '1 entry' : `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} entries`;
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()); // trim takes CR and a byte order mark as well
}

/** Notes by block. A line that is no entry cannot be in a stored list; it is shown as it stands. */
function readEntries(lines: string[]): Map<string, string | null> {
  const notes = new Map<string, string | null>();
  for (const line of lines) {
    const read = parseListLine(line);
    if (read.kind === 'entry') notes.set(formatBlock(read.entry.block), read.entry.note);
    if (read.kind === 'refused') notes.set(line, null);
  }
  return notes;
}

function showEntry([block, note]: [string, string | null]): string {
  return note === null ? block : `${block} # ${note}`;
}

function countInWords(found: { added: string[]; removed: string[]; renoted: number }): ListDifference | null {
  const { added, removed, renoted } = found;
  const parts: string[] = [];
  if (added.length > 0) parts.push(`+ ${entriesInWords(added.length)}`);
  if (removed.length > 0) parts.push(added.length > 0 ? `− ${removed.length}` : `− ${entriesInWords(removed.length)}`);
  if (renoted > 0) parts.push(renoted === 1 ? '1 note changed' : `${renoted} notes changed`);
  if (parts.length === 0) return null;
  return { words: parts.join(', '), added: added.slice(0, shownEntries), removed: removed.slice(0, shownEntries) };
}
