// Who is pushed when: the canaries first, then batches. Pure.
import type { RolloutOptions } from '#contract/rollout';

export type PlannedMember = { gateway: string; wave: number };

/** Each name once, in the order asked for. Wave 0 holds the canaries and is left out where there are none. */
export function planWaves({
  names,
  canary,
  batch,
}: Pick<RolloutOptions, 'names' | 'canary' | 'batch'>): PlannedMember[] {
  return [...new Set(names)].map((gateway, index) => ({
    gateway,
    wave: index < canary ? 0 : 1 + Math.floor((index - canary) / batch),
  }));
}
