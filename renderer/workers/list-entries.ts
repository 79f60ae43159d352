// Entries of one list as the worker holds them: read from text with comments kept, written back in the same format.
import { describeSize, formatBlock, formatList, readListLines, type Block } from '#contract/addresses';
import type { UnreadableLine } from './list-protocol.ts';

/**
 * One entry, shared between the states of undo: a changed one is a new one. `lead` holds the comment lines above it;
 * `line` is how it is written, kept once it was: the second edit of a million entries then costs a tenth.
 */
export type Entry = {
  id: number;
  block: Block;
  text: string;
  note: string | null;
  lead: string | null;
  line: string | null;
};

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
  readListLines(text, (read, raw, line) => {
    if (read.kind === 'refused') unreadable.push({ line, text: raw.trim(), reason: read.reason });
    if (read.kind === 'blank' && raw.trim() !== '') lead.push(raw.trim());
    if (read.kind !== 'entry') return;
    const entry = toEntry(read.entry.block, read.entry.note, nextId());
    if (seen.has(entry.text)) return;
    seen.add(entry.text);
    if (lead.length > 0) entry.lead = lead.join('\n');
    lead = [];
    entries.push(entry);
  });
  return { entries, tail: lead.length === 0 ? null : lead.join('\n'), unreadable };
}

/** An entry without comment lines. */
export function toEntry(block: Block, note: string | null, id: number): Entry {
  return { id, block, text: formatBlock(block), note, lead: null, line: null };
}

/** The import format: comments above their entry, `entry # note`, lines that cannot be read first. */
export function writeEntries(read: ReadText): string {
  const lines: string[] = read.unreadable.map((line) => line.text);
  for (const entry of read.entries) {
    if (entry.lead !== null) lines.push(entry.lead);
    entry.line ??= formatList([entry]).trimEnd();
    lines.push(entry.line);
  }
  if (read.tail !== null) lines.push(read.tail);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** A note is one line; an empty one is none. */
export function cleanNote(raw: string): string | null {
  const note = raw.replace(/\s+/g, ' ').trim();
  return note === '' ? null : note;
}

/** The entry at a position of the list; a position from elsewhere is a bug. */
export function entryAt(entries: readonly Entry[], position: number): Entry {
  const entry = entries[position];
  if (entry === undefined) throw new RangeError(`No entry at ${position} of ${entries.length}.`);
  return entry;
}

/** Bits that an entry leaves open: orders entries by how much they cover. */
export function openBits(entry: Entry): number {
  return (entry.block.address.version === 4 ? 32 : 128) - entry.block.prefix;
}

/** The count of addresses for the screen. */
export function sizeOf(entry: Entry): string {
  return describeSize(entry.block);
}
