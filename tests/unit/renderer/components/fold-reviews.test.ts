// Folding of equal reviews.
import { describe, expect, it } from 'vitest';
import type { GatewayReview } from '#contract/push';
import { describeSave, foldReviews, hasErrors, isDriven } from '../../../../renderer/components/fold-reviews.ts';

const revision = 'a'.repeat(64);
const other = 'b'.repeat(64);

function review(gateway: string, part: Partial<GatewayReview> = {}): GatewayReview {
  return {
    gateway,
    judgedBy: 'gateway',
    problem: null,
    revision,
    baseRevision: other,
    runningRevision: other,
    difference: [
      { section: 'SMTP Interface', field: 'connections.interface.port', label: 'Port', before: '25', after: '2525' },
    ],
    findings: [],
    ...part,
  };
}

describe('foldReviews', () => {
  it('tells gateways with the same difference once', () => {
    const entries = ['mx1', 'mx2'].map((name) => ({ name, review: review(name), problem: null }));

    expect(foldReviews(entries).map((fold) => fold.names)).toEqual([['mx1', 'mx2']]);
  });

  it('keeps apart what differs in a finding or in what runs there', () => {
    const warned = review('mx2', { findings: [{ severity: 'warning', code: 'x', message: 'x' }] });
    const driven = review('mx3', { runningRevision: 'c'.repeat(64) });
    const entries = [review('mx1'), warned, driven].map((one) => ({ name: one.gateway, review: one, problem: null }));

    expect(foldReviews(entries)).toHaveLength(3);
  });
});

describe('isDriven', () => {
  it('is false where the gateway already runs what would be pushed', () => {
    expect(isDriven(review('mx1', { runningRevision: revision }))).toBe(false);
    expect(isDriven(review('mx1', { runningRevision: 'c'.repeat(64) }))).toBe(true);
  });
});

describe('hasErrors', () => {
  it('lets warnings pass', () => {
    expect(hasErrors(review('mx1', { findings: [{ severity: 'warning', code: 'x', message: 'x' }] }))).toBe(false);
    expect(hasErrors(review('mx1', { findings: [{ severity: 'error', code: 'x', message: 'x' }] }))).toBe(true);
  });
});

describe('describeSave', () => {
  it('is one line a change, for the commit', () => {
    expect(describeSave(review('mx1'))).toBe('Port: 25 → 2525');
  });
});
