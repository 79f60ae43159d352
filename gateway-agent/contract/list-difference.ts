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
  const isInAfter = new Map<string, boolean>();
  eachLine(before, (line) => isInAfter.set(line, false));
  const come: Entries = new Map();
  eachLine(after, (line) => {
    if (isInAfter.has(line)) isInAfter.set(line, true);
    else readEntry(line, come);
  });
  const gone: Entries = new Map();
  for (const [line, isKept] of isInAfter) if (!isKept) readEntry(line, gone);
  let renoted = 0;
  for (const [block, note] of come) if (gone.has(block) && gone.get(block) !== note) renoted++;
  return tellDifference({ added: onlyIn(come, gone), removed: onlyIn(gone, come), renoted });
}

/** The same for plain words, such as domains; their order means nothing. */
export function describeWordsDifference(before: readonly string[], after: readonly string[]): ListDifference | null {
  const had = new Set(before);
  const has = new Set(after);
  const added = [...has].filter((word) => !had.has(word));
  const removed = [...had].filter((word) => !has.has(word));
  return tellDifference({ added: cut(added), removed: cut(removed), renoted: 0 });
}

/** Lines that hold an entry, as a person counts them. */
export function countEntries(text: string): number {
  let count = 0;
  eachLine(text, (line) => {
    if (line !== '' && !line.startsWith('#')) count++;
  });
  return count;
}

/** '1 entry', '1,204 entries'. */
export function entriesInWords(count: number): string {
  return count === 1 ? '1 entry' : `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} entries`;
}

/** Notes by block. */
type Entries = Map<string, string | null>;

/** One after the other: an array of a million lines costs as much memory again as the text. */
function eachLine(text: string, take: (line: string) => void): void {
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    take(text.slice(start, end).trim()); // trim takes CR and a byte order mark as well
    start = end + 1;
  }
}

/** A line that is no entry cannot be in a stored list; it is shown as it stands. */
function readEntry(line: string, into: Entries): void {
  const read = parseListLine(line);
  if (read.kind === 'entry') into.set(formatBlock(read.entry.block), read.entry.note);
  if (read.kind === 'refused') into.set(line, null);
}

type Side = { count: number; shown: string[] };

/** Counts what only the one side has, and writes out no more than is shown. */
function onlyIn(one: Entries, other: Entries): Side {
  const side: Side = { count: 0, shown: [] };
  for (const [block, note] of one) {
    if (other.has(block)) continue;
    side.count++;
    if (side.shown.length < shownEntries) side.shown.push(note === null ? block : `${block} # ${note}`);
  }
  return side;
}

function cut(words: string[]): Side {
  return { count: words.length, shown: words.slice(0, shownEntries) };
}

function tellDifference(found: { added: Side; removed: Side; renoted: number }): ListDifference | null {
  const { added, removed, renoted } = found;
  const parts: string[] = [];
  if (added.count > 0) parts.push(`+ ${entriesInWords(added.count)}`);
  if (removed.count > 0) parts.push(added.count > 0 ? `− ${removed.count}` : `− ${entriesInWords(removed.count)}`);
  if (renoted > 0) parts.push(renoted === 1 ? '1 note changed' : `${renoted} notes changed`);
  return parts.length === 0 ? null : { words: parts.join(', '), added: added.shown, removed: removed.shown };
}
