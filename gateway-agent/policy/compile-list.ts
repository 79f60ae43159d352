// An address list ready to be asked: an index for the numbers, and the lines themselves for the words.
import { buildAddressIndex } from '#contract/address-index';
import {
  formatBlock,
  parseListLine,
  readListLines,
  type Address,
  type Block,
  type ReadList,
} from '#contract/addresses';

/** The entry that answers for an address, as a person reads it. */
export type MatchedEntry = { entry: string; note: string | null };

/** `refused` is empty for every list that passed the check of a release. */
export type CompiledList = {
  readonly size: number;
  readonly refused: ReadList['refused'];
  /** The narrowest entry that holds the address. */
  find(address: Address): MatchedEntry | null;
};

/**
 * Compiles the text of a list. Of each entry only the line is kept and read again when it matches: a million lines
 * are 30 MB as text and 150 MB as objects.
 */
export function compileList(text: string): CompiledList {
  const blocks: Block[] = [];
  const lines: string[] = [];
  const refused: ReadList['refused'] = [];
  readListLines(text, (read, rawLine, line) => {
    if (read.kind === 'refused') refused.push({ line, text: rawLine.trim(), reason: read.reason });
    if (read.kind !== 'entry') return;
    blocks.push(read.entry.block);
    lines.push(rawLine);
  });
  const index = buildAddressIndex(blocks);
  return {
    size: lines.length,
    refused,
    find: (address) => {
      const position = index.find(address);
      return position === null ? null : readEntry(lines[position] ?? '');
    },
  };
}

function readEntry(line: string): MatchedEntry | null {
  const read = parseListLine(line);
  return read.kind === 'entry' ? { entry: formatBlock(read.entry.block), note: read.entry.note } : null;
}
