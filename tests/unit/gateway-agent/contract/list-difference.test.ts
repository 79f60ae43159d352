// Two lists compared as a person would, and fast enough for two of a million entries.
import { describe, expect, it } from 'vitest';
import {
  countEntries,
  describeListDifference,
  describeWordsDifference,
  entriesInWords,
} from '#contract/list-difference';

describe('describeListDifference', () => {
  it('counts what came and what went, and shows it', () => {
    expect(
      describeListDifference('192.0.2.1\n192.0.2.2\n', '192.0.2.2\n10.0.0.0/8 # lab\n10.1.0.0/16\n10.2.0.0/16\n'),
    ).toEqual({
      words: '+ 3 entries, − 1',
      added: ['10.0.0.0/8 # lab', '10.1.0.0/16', '10.2.0.0/16'],
      removed: ['192.0.2.1'],
    });
  });

  it.each([
    ['order', '192.0.2.1\n192.0.2.2\n', '192.0.2.2\n192.0.2.1\n'],
    ['spelling', '192.0.2.0:255.255.255.0\n2001:db8::1\n', '192.0.2.0/24\n2001:0DB8:0::1\n'],
    ['line ends and comments', '192.0.2.1\r\n', '# head\n\n  192.0.2.1'],
    ['a byte order mark', '\ufeff192.0.2.1\n', '192.0.2.1\n'],
  ])('sees no difference in %s', (_, before, after) => {
    expect(describeListDifference(before, after)).toBeNull();
  });

  it('tells that a note changed', () => {
    expect(describeListDifference('192.0.2.1 # a\n', '192.0.2.1 # b\n')).toEqual({
      words: '1 note changed',
      added: [],
      removed: [],
    });
  });

  it('shows 200 entries and counts them all', () => {
    const lines = Array.from({ length: 1205 }, (_, at) => `10.0.${at >> 8}.${at & 255}`).join('\n');
    const difference = describeListDifference('', lines);

    expect(difference?.words).toBe('+ 1,205 entries');
    expect(difference?.added).toHaveLength(200);
    expect(describeListDifference(lines, '')?.words).toBe('− 1,205 entries');
  });

  it('compares two lists of 300,000 entries within seconds', () => {
    const line = (at: number): string => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
    const before = Array.from({ length: 300_000 }, (_, at) => line(at));
    const start = process.cpuUsage(); // other suites run beside this one: count our own time

    const difference = describeListDifference(before.join('\n'), before.with(7, '192.0.2.7').join('\n'));

    expect(difference).toEqual({ words: '+ 1 entry, − 1', added: ['192.0.2.7'], removed: ['10.0.0.7'] });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3000);
  });
});

describe('describeWordsDifference', () => {
  it('compares words, whatever their order', () => {
    expect(describeWordsDifference(['a', 'b'], ['b', 'a'])).toBeNull();
    expect(describeWordsDifference(['a', 'b'], ['b', 'c'])).toEqual({
      words: '+ 1 entry, − 1',
      added: ['c'],
      removed: ['a'],
    });
  });
});

describe('countEntries', () => {
  it('leaves out blank lines and comments', () => {
    expect(countEntries('# head\n\n192.0.2.1 # note\r\n  \n192.0.2.2')).toBe(2);
    expect(countEntries('')).toBe(0);
  });
});

describe('entriesInWords', () => {
  it.each([
    [0, '0 entries'],
    [1, '1 entry'],
    [1_000_000, '1,000,000 entries'],
  ])('writes %i as %s', (count, words) => {
    expect(entriesInWords(count)).toBe(words);
  });
});
