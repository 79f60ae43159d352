// Entries of one list as the worker holds them: read from text with comments kept, written back in the same format.
import { describeSize, formatBlock, parseListLine, type Block } from '#contract/addresses';
import type { UnreadableLine } from './list-protocol.ts';

/** One entry. Immutable, so that undo can share it between states. `lead` holds the comment lines above it. */
export type Entry = { id: number; block: Block; text: string; note: string | null; lead: string | null };

/** A list's text, read. `tail` holds comment lines behind the last entry. */
export type ReadText = { entries: Entry[]; tail: string | null; unreadable: UnreadableLine[] };

/** Ids are unique within the worker, across lists. */
export function createIds(): () => number {
  let last = 0;
  return () => ++last;
}

/** Reads a stored list. An entry that stands twice is kept once: the first. */
export function readEntries(text: string, nextId: () => number): ReadText {
  const entries: Entry[] = [];
  const unreadable: UnreadableLine[] = [];
  const seen = new Set<string>();
  let lead: string[] = [];
  for (const [line, raw] of splitLines(text)) {
    const read = parseListLine(raw);
    if (read.kind === 'refused') unreadable.push({ line, text: raw, reason: read.reason });
    if (read.kind === 'blank' && raw.trim() !== '') lead.push(raw.trim());
    if (read.kind !== 'entry') continue;
    const entry = toEntry(read.entry.block, read.entry.note, nextId());
    if (seen.has(entry.text)) continue;
    seen.add(entry.text);
    entries.push(lead.length === 0 ? entry : { ...entry, lead: lead.join('\n') });
    lead = [];
  }
  return { entries, tail: lead.length === 0 ? null : lead.join('\n'), unreadable };
}

/** An entry without comment lines. */
export function toEntry(block: Block, note: string | null, id: number): Entry {
  return { id, block, text: formatBlock(block), note, lead: null };
}

/** The import format: comments above their entry, `entry # note`, lines that cannot be read first. */
export function writeEntries(read: ReadText): string {
  const lines: string[] = read.unreadable.map((line) => line.text);
  for (const entry of read.entries) {
    if (entry.lead !== null) lines.push(entry.lead);
    lines.push(entry.note === null ? entry.text : `${entry.text} # ${entry.note}`);
  }
  if (read.tail !== null) lines.push(read.tail);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** A note is one line; an empty one is none. */
export function cleanNote(raw: string): string | null {
  const note = raw.replace(/[\s\u0000-\u001f\u007f]+/gu, ' ').trim();
  return note === '' ? null : note;
}

/** Lines with their numbers from 1, without BOM and line ends; no array of all lines, so that a million cost little. */
export function* splitLines(text: string): Generator<[line: number, raw: string]> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let line = 1; start < text.length; line += 1) {
    let end = text.indexOf('\n', start);
    if (end === -1) end = text.length;
    const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end; // CRLF
    yield [line, text.slice(start, stop)];
    start = end + 1;
  }
}

/** Bits that an entry leaves open: orders entries by how much they cover. */
export function openBits(entry: Entry): number {
  return (entry.block.address.version === 4 ? 32 : 128) - entry.block.prefix;
}

/** The count of addresses for the screen. */
export function sizeOf(entry: Entry): string {
  return describeSize(entry.block);
}
