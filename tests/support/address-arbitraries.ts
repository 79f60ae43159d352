// Random addresses and blocks for property tests, as text in many spellings and as numbers.
import { fc } from './properties.ts';
import type { Address, Block } from '#contract/addresses';

const word = fc.oneof(
  fc.constantFrom(0, 1, 0xffff, 0xffff0000, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.nat(0xffffffff),
);

export const ipv4Address: fc.Arbitrary<Address> = word.map((first) => ({ version: 4, words: [first] }));

/** Never IPv4-mapped: such text is an IPv4 address. */
export const ipv6Address: fc.Arbitrary<Address> = fc
  .tuple(word, word, word, word)
  .filter(([a, b, c]) => !(a === 0 && b === 0 && c === 0xffff))
  .map((words) => ({ version: 6, words }));

export const anyAddress = fc.oneof(ipv4Address, ipv6Address);

function masked({ version, words }: Address, prefix: number): Address {
  const kept = words.map((each, index) => {
    const bits = Math.min(32, Math.max(0, prefix - index * 32));
    return bits === 0 ? 0 : (each & (0xffffffff << (32 - bits))) >>> 0;
  });
  return { version, words: kept };
}

/** Few distinct bits at the front, so that blocks often nest, touch and repeat. */
const crowdedWord = fc.constantFrom(
  0,
  0x0a000000,
  0x0a0000ff,
  0x0a000100,
  0x7fffffff,
  0x80000000,
  0xffffff00,
  0xffffffff,
);

export const crowdedAddress: fc.Arbitrary<Address> = fc.oneof(
  crowdedWord.map((first): Address => ({ version: 4, words: [first] })),
  fc.tuple(crowdedWord, crowdedWord).map(([a, b]): Address => ({ version: 6, words: [a, 0, 0, b] })),
);

export const crowdedBlock: fc.Arbitrary<Block> = fc.tuple(crowdedAddress, fc.nat(128)).map(([address, rawPrefix]) => {
  const prefix = address.version === 4 ? rawPrefix % 33 : rawPrefix;
  return { address: masked(address, prefix), prefix };
});

export const anyBlock: fc.Arbitrary<Block> = fc.tuple(anyAddress, fc.nat(128)).map(([address, rawPrefix]) => {
  const prefix = address.version === 4 ? rawPrefix % 33 : rawPrefix;
  return { address: masked(address, prefix), prefix };
});

/** The eight groups of an IPv6 address. */
export function groupsOf({ words }: Address): number[] {
  return words.flatMap((each) => [each >>> 16, each & 0xffff]);
}

/** One spelling of an IPv6 address: case, padding, a gap anywhere it fits, the last two groups dotted. */
export const spellIpv6 = fc.record({
  upper: fc.boolean(),
  padded: fc.boolean(),
  dotted: fc.boolean(),
  gap: fc.boolean(),
});

export function spell(
  address: Address,
  how: { upper: boolean; padded: boolean; dotted: boolean; gap: boolean },
): string {
  const groups = groupsOf(address);
  const dotted = how.dotted ? groups.slice(6).flatMap((group) => [group >>> 8, group & 255]) : [];
  const hex = groups.slice(0, how.dotted ? 6 : 8).map((group) => group.toString(16).padStart(how.padded ? 4 : 1, '0'));
  const texts = how.dotted ? [...hex, dotted.join('.')] : hex;
  const zeroAt = texts.findIndex((text) => /^0+$/.test(text));
  const zeroEnd = texts.findIndex((text, index) => index >= zeroAt && !/^0+$/.test(text));
  const end = zeroEnd < 0 ? texts.length : zeroEnd;
  const joined =
    how.gap && zeroAt >= 0 ? `${texts.slice(0, zeroAt).join(':')}::${texts.slice(end).join(':')}` : texts.join(':');
  return how.upper ? joined.toUpperCase() : joined;
}
