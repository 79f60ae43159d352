import { describe, expect, it } from 'vitest';
import { exitStatus, exitStatusHelp, statusOfPush, worstOf } from '../../../../electron/cli/exit-status.ts';
import type { Problem } from '../../../../gateway-agent/contract/outcome.ts';
import type { PushResult } from '../../../../gateway-agent/contract/push.ts';

const problem: Problem = { code: 'unreachable', message: 'x' };

const ends: [PushResult, number][] = [
  [{ kind: 'unchanged', revision: 'a' }, 0],
  [{ kind: 'refused', problem, findings: [] }, 4],
  [{ kind: 'conflict', expected: null, actual: null, problem }, 5],
  [{ kind: 'rolled-back', running: null, problem }, 6],
  [{ kind: 'unknown', pushId: 'x', problem }, 7],
  [{ kind: 'unreachable', cause: 'network', problem }, 3],
  [{ kind: 'unreachable', cause: 'desktop', problem }, 1],
  [{ kind: 'unreachable', cause: 'cancelled', problem: { code: 'cancelled', message: 'x' } }, 130],
];

describe('statusOfPush', () => {
  it.each(ends)('is its own for each end that is not as asked', (result, status) => {
    expect(statusOfPush(result)).toBe(status);
  });
});

describe('worstOf', () => {
  it('is 0 only if every gateway ended as asked', () => {
    expect(worstOf([0, 0])).toBe(0);
    expect(worstOf([0, 3, 0])).toBe(3);
    expect(worstOf([3, 5, 4, 6, 7])).toBe(7);
    expect(worstOf([3, 5, 4])).toBe(4);
    expect(worstOf([130, 0])).toBe(130);
  });

  it('passes over no status that there is', () => {
    const ofGateways = Object.values(exitStatus).filter((status) => status !== exitStatus.usage);

    expect(ofGateways.map((status) => worstOf([0, status]))).toEqual(ofGateways);
  });
});

describe('exitStatusHelp', () => {
  it('documents every status', () => {
    for (const status of Object.values(exitStatus)) expect(exitStatusHelp).toMatch(new RegExp(`^ {2}${status} `, 'm'));
  });
});
