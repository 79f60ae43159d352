// The index against a linear scan, and its speed at a million entries.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { buildAddressIndex } from '#contract/address-index';
import { blockOf, covers, parseAddress, parseBlock, type Address, type Block } from '#contract/addresses';
import { anyBlock, anyAddress, crowdedAddress, crowdedBlock } from '../../../support/address-arbitraries.ts';

const blocks = fc.array(fc.oneof(crowdedBlock, anyBlock), { maxLength: 40 });

function scan(list: readonly Block[], address: Address): number | null {
  let best: number | null = null;
  list.forEach((block, position) => {
    if (!covers(block, blockOf(address))) return;
    if (best === null || block.prefix > list[best]!.prefix) best = position;
  });
  return best;
}

function indexOf(...texts: string[]) {
  return buildAddressIndex(
    texts.map((text) => {
      const read = parseBlock(text);
      if ('reason' in read) throw new Error(read.reason);
      return read.block;
    }),
  );
}

function find(index: ReturnType<typeof buildAddressIndex>, text: string): number | null {
  const address = parseAddress(text);
  if ('reason' in address) throw new Error(address.reason);
  return index.find(address);
}

describe('buildAddressIndex', () => {
  it('finds what a linear scan finds', () => {
    fc.assert(
      fc.property(blocks, fc.array(fc.oneof(crowdedAddress, anyAddress)), (list, probes) => {
        const index = buildAddressIndex(list);
        const edges = list.map((block) => block.address);

        for (const probe of [...probes, ...edges]) expect(index.find(probe)).toBe(scan(list, probe));
      }),
      { numRuns: 2000 },
    );
  });

  it('reports exactly the blocks that an equal earlier or a wider one covers', () => {
    fc.assert(
      fc.property(blocks, (list) => {
        const expected = list.flatMap((block, position) => {
          const isCovered = list.some((other, at) => {
            if (at === position || !covers(other, block)) return false;
            return other.prefix < block.prefix || at < position;
          });
          return isCovered ? [position] : [];
        });
        const covered = buildAddressIndex(list).covered();

        expect(covered.map(({ position }) => position)).toEqual(expected);
        for (const { position, by } of covered) expect(covers(list[by]!, list[position]!)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers with the narrowest entry, and with the first of equals', () => {
    const index = indexOf('10.0.0.0/8', '10.1.0.0/16', '10.1.0.0/16', '10.1.2.3');

    expect(['10.1.2.3', '10.1.2.4', '10.2.0.0', '11.0.0.0'].map((text) => find(index, text))).toEqual([3, 1, 0, null]);
  });

  it('keeps the versions apart', () => {
    expect(find(indexOf('0.0.0.0/0'), '::1')).toBeNull();
    expect(find(indexOf('::/0'), '192.0.2.1')).toBeNull();
    expect(find(indexOf('::/0'), '::ffff:192.0.2.1')).toBeNull();
    expect(find(indexOf('192.0.2.1'), '::ffff:c000:201')).toBe(0);
  });

  it('reaches both ends of each version', () => {
    const index = indexOf('255.255.255.255', '0.0.0.0', 'ffff::/16', '::');

    const probes = [
      '255.255.255.255',
      '255.255.255.254',
      '0.0.0.0',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      '::',
      '::1',
    ];
    expect(probes.map((text) => find(index, text))).toEqual([0, null, 1, 2, 3, null]);
  });

  it('finds nothing in an empty list', () => {
    expect(find(buildAddressIndex([]), '192.0.2.1')).toBeNull();
  });

  it('looks up in a few microseconds among a million entries', () => {
    const step = 4093; // a prime: entries spread over the whole of IPv4
    const million = Array.from({ length: 1_000_000 }, (_, at): Block => {
      return { address: { version: 4, words: [(at * step) >>> 0] }, prefix: 32 };
    });
    const index = buildAddressIndex(million);
    const probes = Array.from({ length: 100_000 }, (_, at): Address => ({ version: 4, words: [(at * 42_949) >>> 0] }));
    const start = process.cpuUsage(); // other tests run beside this one

    const hits = probes.filter((probe) => index.find(probe) !== null);

    // About 1 µs; ten times that still tells a search from a scan, which takes 10,000.
    expect(process.cpuUsage(start).user / probes.length).toBeLessThan(10);
    expect(hits).toEqual(probes.filter(({ words }) => words[0]! % step === 0 && words[0]! / step < 1_000_000));
  });
});
