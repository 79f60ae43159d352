import { describe, expect, it } from 'vitest';
import { formatAge } from '#contract/age-words';

describe('formatAge', () => {
  it('shows the largest unit, and hours behind days', () => {
    expect([0.4, 59, 60, 3599, 3600, 86_399, 86_400, 97_200].map((seconds) => formatAge(seconds))).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '23 h',
      '1 d',
      '1 d 3 h',
    ]);
  });

  it('leaves the hours out where there is no room', () => {
    expect(formatAge(97_200, true)).toBe('1 d');
  });

  it('takes a clock that runs behind for no age', () => {
    expect(formatAge(-30)).toBe('0 s');
  });
});
