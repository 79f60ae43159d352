// Connection control and the limit: one list decides, and it is the right one.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { blockOf, covers, formatBlock, parseAddress, type Address } from '#contract/addresses';
import { compileList } from '../../../../gateway-agent/policy/compile-list.ts';
import { decideConnection, decideRoom } from '../../../../gateway-agent/policy/decide-connection.ts';
import { crowdedAddress, crowdedBlock } from '../../../support/address-arbitraries.ts';

function peer(text: string): Address {
  const address = parseAddress(text);
  if ('reason' in address) throw new Error(address.reason);
  return address;
}

const list = compileList('192.0.2.0:255.255.255.0 # lab\n192.0.2.9 # noisy\n2001:db8::/32\n');
const accept = { mode: 'accept-except', list } as const;
const deny = { mode: 'deny-except', list } as const;

describe('decideConnection', () => {
  it('names the deny list and its narrowest entry when it refuses', () => {
    expect(decideConnection(accept, peer('192.0.2.9'))).toEqual({
      accept: false,
      rule: 'deny-list',
      entry: '192.0.2.9',
      note: 'noisy',
    });
    expect(decideConnection(accept, peer('2001:db8::1'))).toEqual({
      accept: false,
      rule: 'deny-list',
      entry: '2001:db8::/32',
    });
  });

  it('accepts who is not on the deny list', () => {
    expect(decideConnection(accept, peer('198.51.100.1'))).toEqual({ accept: true });
  });

  it('names the entry of the permit list when it accepts', () => {
    expect(decideConnection(deny, peer('192.0.2.7'))).toEqual({ accept: true, entry: '192.0.2.0/24', note: 'lab' });
  });

  it('refuses who is not on the permit list', () => {
    expect(decideConnection(deny, peer('198.51.100.1'))).toEqual({ accept: false, rule: 'not-permitted' });
  });

  it('refuses everybody with an empty permit list, nobody with an empty deny list', () => {
    const empty = compileList('# nobody yet\n');
    fc.assert(
      fc.property(crowdedAddress, (address) => {
        expect(decideConnection({ mode: 'deny-except', list: empty }, address).accept).toBe(false);
        expect(decideConnection({ mode: 'accept-except', list: empty }, address).accept).toBe(true);
      }),
    );
  });

  it.each(['::ffff:192.0.2.9', '::ffff:c000:209', '0:0:0:0:0:FFFF:192.0.2.9'])('knows 192.0.2.9 as %s', (spelling) => {
    expect(decideConnection(accept, peer(spelling))).toMatchObject({ accept: false, entry: '192.0.2.9' });
  });

  it('never lets one version answer for the other', () => {
    const everyIpv4 = compileList('0.0.0.0/0');
    const everyIpv6 = compileList('::/0');

    expect(decideConnection({ mode: 'accept-except', list: everyIpv4 }, peer('2001:db8::1')).accept).toBe(true);
    expect(decideConnection({ mode: 'accept-except', list: everyIpv6 }, peer('192.0.2.1')).accept).toBe(true);
    expect(decideConnection({ mode: 'accept-except', list: everyIpv6 }, peer('::ffff:192.0.2.1')).accept).toBe(true);
  });

  it('decides as a reading of the whole list would, in both modes', () => {
    fc.assert(
      fc.property(fc.array(crowdedBlock, { maxLength: 20 }), crowdedAddress, (blocks, address) => {
        const compiled = compileList(blocks.map(formatBlock).join('\n'));
        const isListed = blocks.some((block) => covers(block, blockOf(address)));

        expect(decideConnection({ mode: 'accept-except', list: compiled }, address).accept).toBe(!isListed);
        expect(decideConnection({ mode: 'deny-except', list: compiled }, address).accept).toBe(isListed);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('decideRoom', () => {
  it('refuses the 51st connection when the limit is 50', () => {
    expect(decideRoom(50, 49)).toEqual({ accept: true });
    expect(decideRoom(50, 50)).toEqual({ accept: false, rule: 'simultaneous-connections' });
  });

  it('refuses new ones while more are open than a lowered limit allows', () => {
    expect(decideRoom(10, 400).accept).toBe(false);
  });

  it('has always room without a limit', () => {
    expect(decideRoom(null, 1_000_000).accept).toBe(true);
  });
});
