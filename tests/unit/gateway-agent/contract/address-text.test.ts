// One address as text: every spelling read, one written, against random addresses and the system's own parser.
import { isIP } from 'node:net';
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, type Address } from '#contract/addresses';
import { anyAddress, ipv4Address, ipv6Address, spell, spellIpv6 } from '../../../support/address-arbitraries.ts';

function address(text: string): Address {
  const read = parseAddress(text);
  if ('reason' in read) throw new Error(read.reason);
  return read;
}

describe('parseAddress', () => {
  it('reads back what formatAddress writes', () => {
    fc.assert(
      fc.property(anyAddress, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
  });

  it('reads every spelling of an IPv6 address as the same numbers', () => {
    fc.assert(
      fc.property(ipv6Address, spellIpv6, (one, how) => {
        expect(parseAddress(spell(one, how))).toEqual(one);
      }),
    );
  });

  it('reads every spelling of an IPv4-mapped address as the IPv4 address', () => {
    fc.assert(
      fc.property(ipv4Address, spellIpv6, (one, how) => {
        const mapped: Address = { version: 6, words: [0, 0, 0xffff, one.words[0] ?? 0] };

        expect(parseAddress(spell(mapped, how))).toEqual(one);
      }),
    );
  });

  it.each([
    '::ffff:192.0.2.1',
    '::FFFF:192.0.2.1',
    '::ffff:c000:201',
    '::ffff:c000:0201',
    '0:0:0:0:0:ffff:192.0.2.1',
    '0000:0000:0000:0000:0000:ffff:c000:0201',
    '0::ffff:c000:201',
    '::0:ffff:192.0.2.1',
    ' 192.0.2.1 ',
  ])('reads %j as 192.0.2.1', (text) => {
    expect(formatAddress(address(text))).toBe('192.0.2.1');
  });

  it.each(['::192.0.2.1', '64:ff9b::192.0.2.1', '::ffff:0:192.0.2.1', '::fffe:192.0.2.1'])(
    'leaves %s an IPv6 address',
    (text) => {
      expect(address(text).version).toBe(6);
    },
  );

  it('takes and refuses the same text as inet_pton', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '25',
      '255',
      '256',
      'a',
      'ffff',
      'g',
      '10000',
      '',
      ':',
      '.',
      '::',
      '1.2.3.4',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const joined = fc
      .tuple(fc.array(piece, { maxLength: 9 }), fc.constantFrom('.', ':'))
      .map(([parts, dot]) => parts.join(dot));
    fc.assert(
      fc.property(fc.oneof(text, joined), (raw) => {
        // Not ip-cidr here: it takes ':1.2.3.4'.
        expect({ raw, isTaken: !('reason' in parseAddress(raw)) }).toEqual({ raw, isTaken: isIP(raw) !== 0 });
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    ':::',
    '1.2.3.4:5::',
    '::1.2.3',
    '102:304',
    '::12345',
    '',
    ' ',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toHaveProperty('reason');
  });
});

describe('formatAddress', () => {
  // RFC 5952 §4 and §5 examples.
  it.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
  ])('writes %s as %s', (text, expected) => {
    expect(formatAddress(address(text))).toBe(expected);
  });
});
