// What an import would do to a list, line by line, before it is done.
import { buildAddressIndex } from '#contract/address-index';
import { readListLines } from '#contract/addresses';
import { toEntry, type Entry } from './list-entries.ts';
import type { PreviewKind, PreviewLine, PreviewSummary } from './list-protocol.ts';

/** A file read against a list: all that the preview shows and that merging or replacing needs. */
export type ImportPreview = {
  summary: PreviewSummary;
  lines: (kind: PreviewKind, offset: number, count: number) => PreviewLine[];
  merged: Entry[];
  replaced: Entry[];
};

/** A line of the file. One object a line, made into what the screen shows only where it is looked at. */
type Found = { line: number; raw: string; entry: Entry; words: string };
type Refused = { line: number; raw: string; entry: null; words: string };
type Lists = Record<Exclude<PreviewKind, 'refused'>, Found[]> & { refused: Refused[] };

/** Reads `text` against what the list holds. The current entry's own note wins; an empty one is filled from the file. */
export function previewImport(text: string, current: readonly Entry[], nextId: () => number): ImportPreview {
  const started = performance.now();
  const lists: Lists = { added: [], already: [], covered: [], normalised: [], refused: [] };
  const present = new Map(current.map((entry) => [entry.text, entry]));
  const { found, lineCount } = readFile(text, lists, nextId);
  const filled = new Map<string, Entry>();
  const replaced: Entry[] = [];
  for (const one of found.values()) {
    const held = present.get(one.entry.text);
    if (held === undefined) {
      lists.added.push(one);
      replaced.push(one.entry);
      continue;
    }
    lists.already.push({ ...one, words: 'In the list already.' });
    replaced.push({ ...one.entry, id: held.id }); // the same row for the screen
    if (held.note === null && one.entry.note !== null)
      filled.set(held.text, { ...held, note: one.entry.note, line: null });
  }
  lists.already.sort((a, b) => a.line - b.line);
  const merged = filled.size === 0 ? [...current] : current.map((entry) => filled.get(entry.text) ?? entry);
  for (const { entry } of lists.added) merged.push(entry);
  listCovered(lists, merged, current.length);
  return {
    merged,
    replaced,
    lines: (kind, offset, count) => lists[kind].slice(offset, offset + count).map(toLine),
    summary: {
      lines: lineCount,
      counts: countLists(lists),
      mergedCount: merged.length,
      replacedCount: replaced.length,
      dropped: current.length - (found.size - lists.added.length),
      milliseconds: Math.round(performance.now() - started),
    },
  };
}

/** Every entry of the file once, by its text; refusals, notices and repetitions go to their lists. */
function readFile(text: string, lists: Lists, nextId: () => number): { found: Map<string, Found>; lineCount: number } {
  const found = new Map<string, Found>();
  let lineCount = 0;
  readListLines(text, (read, raw, line) => {
    if (raw !== '') lineCount = line;
    if (read.kind === 'refused') lists.refused.push({ line, raw, entry: null, words: read.reason });
    if (read.kind !== 'entry') return;
    const entry = toEntry(read.entry.block, read.entry.note, nextId());
    const one: Found = { line, raw, entry, words: entry.note ?? '' };
    if (read.notice !== null) lists.normalised.push({ ...one, words: read.notice });
    const first = found.get(entry.text);
    if (first === undefined) found.set(entry.text, one);
    else lists.already.push({ ...one, words: `The same as line ${first.line.toLocaleString('en')}.` });
  });
  return { found, lineCount };
}

/** New entries that a wider one covers, be it in the list or in the file. They are reported and kept. */
function listCovered(lists: Lists, merged: readonly Entry[], firstNew: number): void {
  const index = buildAddressIndex(merged.map((entry) => entry.block));
  for (const { position, by } of index.covered()) {
    const one = lists.added[position - firstNew];
    if (one === undefined) continue; // an entry of the current list
    lists.covered.push({ ...one, words: `Covered by ${merged[by]?.text ?? ''}; kept as an entry of its own.` });
  }
}

function countLists(lists: Lists): Record<PreviewKind, number> {
  return {
    added: lists.added.length,
    already: lists.already.length,
    covered: lists.covered.length,
    normalised: lists.normalised.length,
    refused: lists.refused.length,
  };
}

function toLine({ line, raw, entry, words }: Found | Refused): PreviewLine {
  const text = raw.trim();
  const became = entry === null || text.startsWith(entry.text) ? null : entry.text;
  return { line, text, became, words };
}
