// A rollout in figures. Pure.
import type { PushResult } from '#contract/push';
import type { Rollout, RolloutSummary } from '#contract/rollout';

/** The gateway runs what was asked for, proved and confirmed. */
export function isAsAsked(result: PushResult | null): boolean {
  return result?.kind === 'applied' || result?.kind === 'unchanged';
}

/** Leaves the members out and counts them. */
export function summariseRollout({ members, ...rest }: Rollout): RolloutSummary {
  const counts = { waiting: 0, running: 0, asAsked: 0, failed: 0, skipped: 0 };
  for (const { state, result } of members) {
    if (state === 'ended') counts[isAsAsked(result) ? 'asAsked' : 'failed'] += 1;
    else counts[state] += 1;
  }
  return { ...rest, counts };
}
