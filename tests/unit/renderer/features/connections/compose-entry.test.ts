// The entry form: what Add would put into the list, and why not.
import { describe, expect, it } from 'vitest';
import { composeEntry } from '../../../../../renderer/features/connections/compose-entry.ts';

const group = (version: '4' | '6', subnet: string, mask: string) =>
  composeEntry({ kind: 'group', version, subnet, mask });

describe('composeEntry', () => {
  it('waits for something to be typed', () => {
    expect(composeEntry({ kind: 'any', text: '  ' })).toEqual({ kind: 'empty' });
    expect(composeEntry({ kind: 'single', address: '' })).toEqual({ kind: 'empty' });
    expect(group('4', '', '255.255.255.0')).toEqual({ kind: 'empty' });
  });

  it('recognises address, network, mask and note in one field', () => {
    expect(composeEntry({ kind: 'any', text: '192.0.2.7 # printer' })).toMatchObject({
      kind: 'entry',
      line: '192.0.2.7 # printer',
      words: 'IPv4 address 192.0.2.7',
    });
    expect(composeEntry({ kind: 'any', text: '2001:db8::/32' })).toMatchObject({
      words: 'IPv6 network 2001:db8::/32, 2^96 addresses',
    });
  });

  it('says what host bits become', () => {
    const composed = composeEntry({ kind: 'any', text: '192.168.3.1:255.255.255.128' });

    expect(composed).toMatchObject({ kind: 'entry' });
    expect(composed.kind === 'entry' && composed.words).toContain('IPv4 network 192.168.3.0/25, 128 addresses. ');
  });

  it('takes a single computer only', () => {
    expect(composeEntry({ kind: 'single', address: '192.0.2.7' })).toMatchObject({ kind: 'entry' });
    expect(composeEntry({ kind: 'single', address: '192.0.2.0/24' })).toMatchObject({ kind: 'refused' });
  });

  it('takes a dotted mask, a bare prefix and a prefix with its slash', () => {
    const words = 'IPv4 network 192.0.2.0/24, 256 addresses';

    expect(group('4', '192.0.2.0', '255.255.255.0')).toEqual({ kind: 'entry', line: '192.0.2.0:255.255.255.0', words });
    expect(group('4', '192.0.2.0', '24')).toEqual({ kind: 'entry', line: '192.0.2.0/24', words });
    expect(group('4', '192.0.2.0', '/24')).toEqual({ kind: 'entry', line: '192.0.2.0/24', words });
    expect(group('6', '2001:db8::', '/32')).toMatchObject({ kind: 'entry', line: '2001:db8::/32' });
  });

  it('refuses the other version, a missing mask and a mask with holes', () => {
    expect(group('4', '2001:db8::', '32')).toEqual({
      kind: 'refused',
      reason: '2001:db8:: is an IPv6 address. Choose IPv6.',
    });
    expect(group('4', '192.0.2.0', '')).toEqual({ kind: 'refused', reason: 'The subnet mask is missing.' });
    expect(group('4', '192.0.2.0', '255.0.255.0')).toMatchObject({ kind: 'refused' });
    expect(group('6', '2001:db8::', '129')).toMatchObject({ kind: 'refused' });
  });
});
