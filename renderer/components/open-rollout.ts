// How a screen asks for a push to many gateways: it names them, and the screen of a new rollout takes it from there.
import { goTo } from './guarded-location.ts';

/** Where a rollout is reviewed before it starts. */
export const newRolloutPath = '/rollouts/new';

let asked: readonly string[] = [];

/** The gateways that were named last; none after the window was loaded again. */
export function askedGateways(): readonly string[] {
  return asked;
}

/** Leads to the review of a push to these gateways. */
export function openRollout(names: readonly string[]): void {
  asked = names;
  goTo(newRolloutPath);
}

/** The address of one rollout. */
export function rolloutPath(id: string): string {
  return `/rollouts/${id}`;
}
