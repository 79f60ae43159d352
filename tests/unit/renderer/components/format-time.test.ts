// Times in words.
import { describe, expect, it } from 'vitest';
import { daysUntil, formatAgo, formatExpiry, formatTaken } from '../../../../renderer/components/format-time.ts';

const now = Date.parse('2026-11-24T12:00:00Z');

describe('formatAgo', () => {
  it.each([
    ['2026-11-24T11:59:55Z', 'just now'],
    ['2026-11-24T11:59:20Z', '40 seconds ago'],
    ['2026-11-24T11:58:59Z', '1 minute ago'],
    ['2026-11-24T09:00:00Z', '3 hours ago'],
    ['2026-11-20T12:00:00Z', '4 days ago'],
  ])('reads %s as %s', (at, words) => {
    expect(formatAgo(at, now)).toBe(words);
  });
});

describe('formatExpiry', () => {
  it('tells the future and the past apart', () => {
    expect(formatExpiry('2026-12-06T12:00:00Z', now)).toBe('in 12 days');
    expect(formatExpiry('2026-11-21T12:00:00Z', now)).toBe('expired 3 days ago');
  });
});

describe('daysUntil', () => {
  it('is negative once past', () => {
    expect(daysUntil('2026-11-24T11:00:00Z', now)).toBe(-1);
  });
});

describe('formatTaken', () => {
  it('changes its unit at a second', () => {
    expect(formatTaken(38.4)).toBe('38 ms');
    expect(formatTaken(1440)).toBe('1.4 s');
  });
});
