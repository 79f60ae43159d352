import { describe, expect, it } from 'vitest';
import { compareGateway } from '../../../../electron/fleet/compare-gateway.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

describe('compareGateway', () => {
  it.each([
    ['in-sync', { saved: a, pushed: a, there: a }],
    ['in-sync', { saved: a, pushed: b, there: a }], // its last push was not seen to end
    ['changed-here', { saved: b, pushed: a, there: a }],
    ['changed-here', { saved: a, pushed: null, there: null }], // never pushed
    ['changed-there', { saved: a, pushed: a, there: b }],
    ['changed-there', { saved: a, pushed: null, there: b }],
    ['conflict', { saved: a, pushed: b, there: c }],
  ] as const)('is %s', (state, revisions) => {
    expect(compareGateway({ ...revisions, isPending: false })).toBe(state);
  });

  it('waits for a confirmation before anything else is said', () => {
    expect(compareGateway({ saved: a, pushed: a, there: a, isPending: true })).toBe('pending-confirmation');
  });
});
