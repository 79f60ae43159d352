// IP addresses and blocks of them: reading every spelling, writing one, comparing as numbers; and the list format.

/** An address as numbers. Version 4 has one 32-bit word, version 6 four; `::ffff:192.0.2.1` is version 4. */
export type Address = { version: 4 | 6; words: readonly number[] };

/** All addresses that share the first `prefix` bits; host bits are zero. A single computer has prefix 32 or 128. */
export type Block = { address: Address; prefix: number };

/** One line of a list. `note` holds what stands behind `#`. */
export type ListEntry = { block: Block; note: string | null };

/** One line read: nothing, an entry (with a notice when it was normalised), or a refusal that says why. */
export type ReadLine =
  | { kind: 'blank' }
  | { kind: 'entry'; entry: ListEntry; notice: string | null }
  | { kind: 'refused'; reason: string };

/** A whole list read. Line numbers start at 1. */
export type ReadList = {
  entries: ListEntry[];
  notices: { line: number; text: string; became: string }[];
  refused: { line: number; text: string; reason: string }[];
};

export function parseAddress(raw: string): Address | { reason: string } { throw new Error(raw); }
export function parseBlock(raw: string): { block: Block; notice: string | null } | { reason: string } { throw new Error(raw); }
export function parseListLine(raw: string): ReadLine { throw new Error(raw); }
export function parseList(text: string): ReadList { throw new Error(text); }
export function formatAddress(address: Address): string { throw new Error(String(address)); }
export function formatBlock(block: Block): string { throw new Error(String(block)); }
export function formatList(entries: readonly ListEntry[]): string { throw new Error(String(entries)); }
/** How many addresses a block covers, for people: '256', '2^96'. */
export function describeSize(block: Block): string { throw new Error(String(block)); }
/** Negative, zero, positive; version 4 before version 6, wider before narrower at the same start. */
export function compareBlocks(a: Block, b: Block): number { throw new Error(String(a) + String(b)); }
export function covers(wide: Block, narrow: Block): boolean { throw new Error(String(wide) + String(narrow)); }
