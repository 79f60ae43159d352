// Which entries are shown, in which order, and which one matches an address that was typed into the filter.
import { compareBlocks, covers, formatAddress, parseAddress, parseBlock, type Block } from '#contract/addresses';
import type { AddressIndex } from '#contract/address-index';
import { entryAt, openBits, type Entry } from './list-entries.ts';
import type { ListView, Match, SortKey } from './list-protocol.ts';

/** Positions of the entries that are shown, in their order. */
export function arrange(
  entries: readonly Entry[],
  view: ListView,
  coveredBy: ReadonlyMap<number, number>,
): Uint32Array {
  const shown = filterPositions(entries, view.filter.trim());
  if (view.sort !== 'order') {
    const compare = comparison(entries, view.sort, coveredBy);
    // Typed arrays sort numbers in place; ties keep the order of the list.
    shown.sort((a, b) => (view.descending ? compare(b, a) : compare(a, b)) || a - b);
  } else if (view.descending) {
    shown.reverse();
  }
  return shown;
}

function filterPositions(entries: readonly Entry[], filter: string): Uint32Array {
  if (filter === '') return Uint32Array.from(entries.keys());
  const test = filterTest(filter);
  const positions: number[] = [];
  for (const [position, entry] of entries.entries()) if (test(entry)) positions.push(position);
  return Uint32Array.from(positions);
}

/** An address finds every entry that holds it; a network what holds it or lies in it; anything else is a text. */
function filterTest(filter: string): (entry: Entry) => boolean {
  const address = parseAddress(filter);
  if (!('reason' in address)) {
    const single: Block = { address, prefix: address.version === 4 ? 32 : 128 };
    return (entry) => covers(entry.block, single);
  }
  const network = parseBlock(filter);
  if ('block' in network) {
    return (entry) => covers(entry.block, network.block) || covers(network.block, entry.block);
  }
  const words = filter.toLowerCase();
  return (entry) => entry.text.includes(words) || (entry.note !== null && entry.note.toLowerCase().includes(words));
}

type Compare = (a: number, b: number) => number;

function comparison(entries: readonly Entry[], key: SortKey, coveredBy: ReadonlyMap<number, number>): Compare {
  const at = (position: number): Entry => entryAt(entries, position);
  switch (key) {
    case 'entry':
      return (a, b) => compareBlocks(at(a).block, at(b).block);
    case 'size':
      return (a, b) => openBits(at(a)) - openBits(at(b));
    case 'note':
      return (a, b) => compareNotes(at(a).note, at(b).note);
    case 'covered':
      return (a, b) => Number(coveredBy.has(b)) - Number(coveredBy.has(a));
    case 'order':
      return (a, b) => a - b;
  }
}

/** Entries without a note come last: the notes are what one sorts for. */
function compareNotes(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

/** The narrowest entry that holds the address typed, or null if the filter is no address. */
export function findMatch(filter: string, entries: readonly Entry[], index: () => AddressIndex): Match | null {
  const address = parseAddress(filter.trim());
  if ('reason' in address) return null;
  const position = index().find(address);
  const entry = position === null ? undefined : entries[position];
  return { address: formatAddress(address), entry: entry?.text ?? null, note: entry?.note ?? null };
}
