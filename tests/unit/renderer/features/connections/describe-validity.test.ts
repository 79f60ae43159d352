// A certificate's validity in words.
import { describe, expect, it } from 'vitest';
import { describeValidity } from '../../../../../renderer/features/connections/describe-validity.ts';

const period = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const at = (iso: string) => describeValidity(period, new Date(iso));

describe('describeValidity', () => {
  it('counts whole days left', () => {
    expect(at('2026-11-01T12:00:00Z').words).toBe('1 Jan 2026 to 1 Jan 2027, 60 days left');
    expect(at('2026-11-01T12:00:00Z').remark).toBeNull();
  });

  it('warns below thirty days, down to the last hour', () => {
    expect(at('2026-12-02T12:00:00Z')).toMatchObject({ tone: 'warning', remark: expect.stringContaining('29 days') });
    expect(at('2026-12-02T00:00:00Z').remark).toBeNull();
    expect(at('2026-12-31T23:00:00Z').remark).toBe('Expires in less than a day. Have the next certificate ready.');
  });

  it('calls an expired one expired, from the very moment', () => {
    expect(at('2027-01-01T00:00:00Z')).toMatchObject({
      tone: 'bad',
      remark: expect.stringContaining('Expired less than a day ago'),
    });
    expect(at('2027-01-03T01:00:00Z').remark).toContain('Expired 2 days ago');
  });

  it('says from when one is valid', () => {
    expect(at('2025-12-01T00:00:00Z')).toMatchObject({ tone: 'bad', remark: 'Not valid before 1 Jan 2026.' });
  });
});
