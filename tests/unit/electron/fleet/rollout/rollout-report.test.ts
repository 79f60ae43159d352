import { describe, expect, it } from 'vitest';
import { Rollout } from '#contract/rollout';
import { formatReport } from '../../../../../electron/fleet/rollout/rollout-report.ts';
import { applied, refused, revision } from '../../../../support/scripted-fleet.ts';

const member = { wave: 1, revision, pushId: null, earlier: [], startedAt: null, endedAt: null };

function makeRollout(): Rollout {
  return Rollout.parse({
    id: '7f8a3b52-6c5e-4d0e-9a53-0d3f7f1f2a11',
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: null,
    by: 'Anna',
    options: { names: ['mx1'] },
    state: 'stopped',
    because: '2 gateways did not end as asked.',
    members: [
      { ...member, gateway: 'mx1', state: 'ended', result: applied('one') },
      { ...member, gateway: 'mx2', state: 'ended', result: refused },
      { ...member, gateway: 'mx3', state: 'ended', result: refused },
      { ...member, gateway: 'mx4', state: 'waiting', result: null },
    ],
  });
}

describe('formatReport', () => {
  it('folds gateways that ended with the same words', () => {
    const text = formatReport(makeRollout(), 'text');

    expect(text).toContain('4 gateways: 1 as asked, 2 failed, 1 waiting');
    expect(text).toContain('refused: Port 25 is held by another program.\n  mx2, mx3\n');
  });

  it('writes one line of CSV for each gateway, and no formula', () => {
    const rollout = makeRollout();
    const second = rollout.members[1];
    if (second?.result?.kind !== 'refused') throw new Error('not refused');
    second.result.problem = { code: 'internal', message: '=cmd("x"), really' };

    const [, , line, ...rest] = formatReport(rollout, 'csv').split('\r\n');

    expect(line).toContain('"\'=cmd(""x""), really"');
    expect(rest).toHaveLength(3);
  });

  it('is a document for programs', () => {
    expect(JSON.parse(formatReport(makeRollout(), 'json'))).toMatchObject({ counts: { failed: 2, waiting: 1 } });
  });
});
