// The words of the seven ends of a push.
import { describe, expect, it } from 'vitest';
import type { PushResult } from '#contract/push';
import { describeResult } from '../../../../renderer/components/describe-result.ts';

const revision = '3fa9c1'.padEnd(64, '0');
const other = 'b00b1e'.padEnd(64, '0');

function words(result: PushResult): string {
  const { title, lines } = describeResult('mx1', result);
  return [title, ...lines].join('\n');
}

describe('describeResult', () => {
  it('calls a push good only when it was proved', () => {
    const applied: PushResult = {
      kind: 'applied',
      revision,
      pushId: 'p',
      proofs: {
        gateway: {
          result: 'proved',
          listeners: [{ address: '0.0.0.0', port: 25, result: 'proved', tlsVersion: 'TLSv1.3', milliseconds: 3 }],
        },
        desktop: { result: 'refused-as-expected', address: '192.0.2.1', port: 25 },
      },
      difference: [],
      findings: [],
    };

    expect(describeResult('mx1', applied).tone).toBe('good');
    expect(words(applied)).toContain('0.0.0.0 port 25');
    expect(words(applied)).toContain('proves the rule, not TLS');
  });

  it('names the program that holds the port, and what goes on', () => {
    const refused: PushResult = {
      kind: 'refused',
      problem: {
        code: 'port-taken',
        message: 'Port 25 is held by another program (postfix, pid 812).',
        hint: 'Stop it.',
      },
      findings: [],
    };

    expect(words(refused)).toBe(
      'mx1 refused the push\nPort 25 is held by another program (postfix, pid 812).\nStop it.\nIt goes on with what it ran before.',
    );
    expect(describeResult('mx1', refused).next).toEqual(['retry']);
  });

  it('says that nothing was sent when the gateway was not reached', () => {
    const causes = ['network', 'host-key', 'sign-in', 'agent', 'cancelled', 'desktop'] as const;

    for (const cause of causes) {
      const text = words({ kind: 'unreachable', cause, problem: { code: 'unreachable', message: 'No answer.' } });
      expect(text).toContain('Nothing was sent.');
    }
  });

  it('offers to compare host keys only where the host key stopped it', () => {
    const changed: PushResult = {
      kind: 'unreachable',
      cause: 'host-key',
      problem: { code: 'host-key-changed', message: 'Another key.' },
    };

    expect(describeResult('mx1', changed).next).toContain('compare-host-keys');
  });

  it('names both revisions and the author of a conflict, and both ways out', () => {
    const conflict: PushResult = {
      kind: 'conflict',
      expected: revision,
      actual: other,
      problem: { code: 'conflict', message: 'Another revision.', other: { author: 'j.novak' } },
    };

    expect(words(conflict)).toContain('r 3fa9c1000000');
    expect(words(conflict)).toContain('r b00b1e000000');
    expect(words(conflict)).toContain('j.novak');
    expect(describeResult('mx1', conflict).next).toEqual(['push-over', 'reload']);
  });

  it('never calls an unknown or rolled-back end good', () => {
    const problem = { code: 'unreachable' as const, message: 'The connection broke.' };

    expect(describeResult('mx1', { kind: 'unknown', pushId: 'p', problem }).tone).toBe('unsure');
    expect(describeResult('mx1', { kind: 'rolled-back', running: revision, problem }).title).toBe(
      'mx1 went back to r 3fa9c1000000',
    );
  });
});
