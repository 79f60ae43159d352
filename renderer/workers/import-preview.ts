// What an import would do to a list, line by line, before it is done.
import { buildAddressIndex } from '#contract/address-index';
import { parseListLine } from '#contract/addresses';
import { splitLines, toEntry, type Entry } from './list-entries.ts';
import type { PreviewKind, PreviewLine, PreviewSummary } from './list-protocol.ts';

/** A file read against a list: all that the preview shows and that merging or replacing needs. */
export type ImportPreview = {
  summary: PreviewSummary;
  lines(kind: PreviewKind, offset: number, count: number): PreviewLine[];
  merged: Entry[];
  replaced: Entry[];
};

type Found = { entry: Entry; line: number; raw: string };
type Lists = Record<PreviewKind, PreviewLine[]>;

/** Reads `text` against what the list holds. The current entry's own note wins; an empty one is filled from the file. */
export function previewImport(text: string, current: readonly Entry[], nextId: () => number): ImportPreview {
  const started = performance.now();
  const lists: Lists = { added: [], already: [], covered: [], normalised: [], refused: [] };
  const present = new Map(current.map((entry) => [entry.text, entry]));
  const { found, lineCount } = readFile(text, lists, nextId);
  const fresh: Found[] = [];
  const filled = new Map<string, Entry>();
  for (const one of found.values()) {
    const held = present.get(one.entry.text);
    if (held === undefined) {
      fresh.push(one);
      lists.added.push(toLine(one, one.entry.note ?? ''));
      continue;
    }
    lists.already.push(toLine(one, 'In the list already.'));
    if (held.note === null && one.entry.note !== null) filled.set(held.text, { ...held, note: one.entry.note });
  }
  lists.already.sort((a, b) => a.line - b.line);
  const kept = filled.size === 0 ? current : current.map((entry) => filled.get(entry.text) ?? entry);
  const merged = [...kept, ...fresh.map(({ entry }) => entry)];
  listCovered(lists, kept, fresh);
  const replaced = Array.from(found.values(), ({ entry }) =>
    present.get(entry.text) === undefined ? entry : { ...entry, id: present.get(entry.text)!.id },
  );
  return {
    merged,
    replaced,
    lines: (kind, offset, count) => lists[kind].slice(offset, offset + count),
    summary: {
      lines: lineCount,
      counts: {
        added: lists.added.length,
        already: lists.already.length,
        covered: lists.covered.length,
        normalised: lists.normalised.length,
        refused: lists.refused.length,
      },
      mergedCount: merged.length,
      replacedCount: replaced.length,
      dropped: current.length - (found.size - fresh.length),
      milliseconds: Math.round(performance.now() - started),
    },
  };
}

/** Every entry of the file once, by its text; refusals, notices and repetitions go to their lists. */
function readFile(text: string, lists: Lists, nextId: () => number): { found: Map<string, Found>; lineCount: number } {
  const found = new Map<string, Found>();
  let lineCount = 0;
  for (const [line, raw] of splitLines(text)) {
    lineCount = line;
    const read = parseListLine(raw);
    if (read.kind === 'refused') lists.refused.push({ line, text: raw, became: null, words: read.reason });
    if (read.kind !== 'entry') continue;
    const one = { entry: toEntry(read.entry.block, read.entry.note, nextId()), line, raw };
    if (read.notice !== null) lists.normalised.push({ line, text: raw, became: one.entry.text, words: read.notice });
    const first = found.get(one.entry.text);
    if (first === undefined) found.set(one.entry.text, one);
    else lists.already.push(toLine(one, `The same as line ${first.line.toLocaleString('en')}.`));
  }
  return { found, lineCount };
}

/** New entries that a wider one covers, be it in the list or in the file. They are reported and kept. */
function listCovered(lists: Lists, kept: readonly Entry[], fresh: readonly Found[]): void {
  const all = [...kept, ...fresh.map(({ entry }) => entry)];
  const index = buildAddressIndex(all.map((entry) => entry.block));
  const covered = index.covered().filter(({ position }) => position >= kept.length);
  covered.sort((a, b) => a.position - b.position);
  for (const { position, by } of covered) {
    lists.covered.push(
      toLine(fresh[position - kept.length]!, `Covered by ${all[by]!.text}; kept as an entry of its own.`),
    );
  }
}

function toLine({ entry, line, raw }: Found, words: string): PreviewLine {
  return {
    line,
    text: raw.trim() === entry.text ? entry.text : raw.trim(),
    became: raw.trim() === entry.text ? null : entry.text,
    words,
  };
}
