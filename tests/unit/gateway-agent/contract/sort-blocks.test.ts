// The byte-wise sort against an ordinary one.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { compareBlocks } from '#contract/addresses';
import { sortBlocks } from '#contract/sort-blocks';
import { anyBlock, crowdedBlock } from '../../../support/address-arbitraries.ts';

describe('sortBlocks', () => {
  it.each([4, 6] as const)(
    'puts the blocks of version %i into the order of compareBlocks, equals by position',
    (version) => {
      fc.assert(
        fc.property(fc.array(fc.oneof(crowdedBlock, anyBlock)), (blocks) => {
          const expected = blocks
            .map((block, position) => ({ block, position }))
            .filter(({ block }) => block.address.version === version)
            .toSorted((a, b) => compareBlocks(a.block, b.block) || a.position - b.position);
          const sorted = sortBlocks(blocks, version);

          expect([...sorted.positions]).toEqual(expected.map(({ position }) => position));
          expect([...sorted.words]).toEqual(expected.flatMap(({ block }) => block.address.words));
          expect([...sorted.prefixes]).toEqual(expected.map(({ block }) => block.prefix));
        }),
        { numRuns: 500 },
      );
    },
  );
});
