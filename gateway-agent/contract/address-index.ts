// A look-up over many blocks: sorted intervals in typed arrays, about a microsecond at a million entries.
// Blocks nest or are disjoint, so cutting the number line where one starts or ends leaves pieces with one answer each.
import type { Address, Block } from './addresses.ts';
import { sortBlocks, type SortedBlocks } from './sort-blocks.ts';

export type AddressIndex = {
  readonly size: number;
  /** Position (in the blocks given) of the narrowest block that holds the address, or null. */
  find(address: Address): number | null;
  /** Positions of blocks that a wider (or equal, earlier) block covers, with that block's position. */
  covered(): { position: number; by: number }[];
};

/** One IP version's pieces. Piece n starts at the `width` words from starts[n * width] and belongs to owners[n]. */
type Pieces = { width: 1 | 4; starts: Uint32Array; owners: Int32Array };

const NOBODY = -1;

/** Compiles blocks for look-up; of equal blocks the first one answers. */
export function buildAddressIndex(blocks: readonly Block[]): AddressIndex {
  const coveredBy = new Int32Array(blocks.length).fill(NOBODY);
  const ipv4 = new Cutter(sortBlocks(blocks, 4), coveredBy).cut();
  const ipv6 = new Cutter(sortBlocks(blocks, 6), coveredBy).cut();
  return {
    size: blocks.length,
    find: (address) => {
      const owner = findOwner(address.version === 4 ? ipv4 : ipv6, address.words);
      return owner === NOBODY ? null : owner;
    },
    covered: () => {
      const found: { position: number; by: number }[] = [];
      coveredBy.forEach((by, position) => {
        if (by !== NOBODY) found.push({ position, by });
      });
      return found;
    },
  };
}

/** Binary search for the last piece that starts at or before the address. */
function findOwner({ width, starts, owners }: Pieces, words: readonly number[]): number {
  let low = 0;
  let high = owners.length; // the answer lies before high
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(starts, middle * width, words)) high = middle;
    else low = middle + 1;
  }
  return low === 0 ? NOBODY : (owners[low - 1] ?? NOBODY);
}

function isAfter(starts: Uint32Array, offset: number, words: readonly number[]): boolean {
  for (let index = 0; index < words.length; index++) {
    const order = (starts[offset + index] ?? 0) - (words[index] ?? 0);
    if (order !== 0) return order > 0;
  }
  return false;
}

/** A prefix of each length once: nothing nests deeper. */
const deepestNesting = 129;

/** Walks the blocks in order with a stack of those still open; the innermost open block owns the piece. */
class Cutter {
  readonly #blocks: SortedBlocks;
  readonly #coveredBy: Int32Array;
  readonly #width: 1 | 4;
  readonly #starts: Uint32Array;
  readonly #owners: Int32Array;
  #count = 0;
  readonly #open: number[] = []; // rows of the blocks still open, outermost first
  readonly #ends: Uint32Array; // the last address of each of them

  constructor(blocks: SortedBlocks, coveredBy: Int32Array) {
    const most = blocks.positions.length * 2; // a piece begins where a block starts or ends
    this.#blocks = blocks;
    this.#coveredBy = coveredBy;
    this.#width = blocks.width;
    this.#starts = new Uint32Array(most * blocks.width);
    this.#owners = new Int32Array(most);
    this.#ends = new Uint32Array(deepestNesting * blocks.width);
  }

  cut(): Pieces {
    const { positions, prefixes } = this.#blocks;
    for (let row = 0; row < positions.length; row++) {
      while (this.#open.length > 0 && this.#endsBefore(row)) this.#closeInnermost();
      const around = this.#open.at(-1);
      if (around !== undefined) this.#coveredBy[positions[row] ?? 0] = positions[around] ?? 0;
      if (around !== undefined && prefixes[around] === prefixes[row]) continue; // equal: the earlier one answers
      this.#write(this.#blocks.words, row * this.#width, positions[row] ?? NOBODY);
      this.#openBlock(row);
    }
    while (this.#open.length > 0) this.#closeInnermost();
    const starts = this.#starts.slice(0, this.#count * this.#width);
    return { width: this.#width, starts, owners: this.#owners.slice(0, this.#count) };
  }

  #openBlock(row: number): void {
    const end = this.#open.length * this.#width;
    const prefix = this.#blocks.prefixes[row] ?? 0;
    for (let index = 0; index < this.#width; index++) {
      const kept = Math.min(32, Math.max(0, prefix - index * 32));
      const hostBits = kept === 32 ? 0 : 0xffffffff >>> kept;
      this.#ends[end + index] = (this.#blocks.words[row * this.#width + index] ?? 0) | hostBits;
    }
    this.#open.push(row);
  }

  /** The innermost open block ends before the row starts. */
  #endsBefore(row: number): boolean {
    const end = (this.#open.length - 1) * this.#width;
    for (let index = 0; index < this.#width; index++) {
      const order = (this.#ends[end + index] ?? 0) - (this.#blocks.words[row * this.#width + index] ?? 0);
      if (order !== 0) return order < 0;
    }
    return false;
  }

  /** The address behind its end belongs to the block around it, or to nobody; behind the last address is nothing. */
  #closeInnermost(): void {
    this.#open.pop();
    const end = this.#open.length * this.#width;
    let index = this.#width - 1;
    while (index >= 0 && this.#ends[end + index] === 0xffffffff) this.#ends[end + index--] = 0;
    if (index < 0) return;
    this.#ends[end + index] = (this.#ends[end + index] ?? 0) + 1;
    const around = this.#open.at(-1);
    this.#write(this.#ends, end, around === undefined ? NOBODY : (this.#blocks.positions[around] ?? NOBODY));
  }

  /** Two pieces at one start: the later one counts. */
  #write(words: Uint32Array, offset: number, owner: number): void {
    let isSameStart = this.#count > 0;
    for (let index = 0; index < this.#width && isSameStart; index++) {
      isSameStart = this.#starts[(this.#count - 1) * this.#width + index] === words[offset + index];
    }
    if (!isSameStart) this.#count++;
    const piece = this.#count - 1;
    this.#owners[piece] = owner;
    for (let index = 0; index < this.#width; index++) {
      this.#starts[piece * this.#width + index] = words[offset + index] ?? 0;
    }
  }
}
