// After a restoration: says so with the two ways on: review and push what changed, or undo, which is a restoration too.
import type { GatewayDifference } from '#ipc';
import type { Outcome } from '#contract/outcome';
import { callGateway, refreshCalls } from '../api/gateway-bridge.ts';
import { useOpenReview } from './open-review.ts';
import { openRollout } from './open-rollout.ts';
import { reportOutcome } from './report-outcome.ts';
import { showUndoNotice } from './undo-notice.tsx';

type Restored = {
  /** Who was restored: 'the fleet', 'mx1'. */
  who: string;
  /** Where from, where it is not the history: 'from 2026-11-24'. */
  from?: string;
  /** What it changed, as it was shown before. */
  differences: readonly GatewayDifference[];
  undo: () => Promise<Outcome<unknown>>;
};

/** What a save of whatever kind may change on screen. */
const followers = ['history:log', 'fleet:list', 'groups:list', 'lists:list', 'settings:load'] as const;

/** Asks again what a restoration may have changed on screen. */
export async function refreshRestored(): Promise<void> {
  await Promise.all(followers.map((channel) => refreshCalls(channel)));
}

/** Names that a push would bring something new to and that are still in the fleet. */
async function namesToPush(differences: readonly GatewayDifference[]): Promise<string[]> {
  const fleet = await callGateway('fleet:list', {});
  const known = new Set(fleet.ok ? fleet.value.map(({ name }) => name) : []);
  return differences
    .filter(({ difference }) => difference.length > 0)
    .flatMap(({ gateway }) => (known.has(gateway) ? [gateway] : []));
}

/** Shows the notice. */
export function useRestoredNotice(): (restored: Restored) => Promise<void> {
  const openReview = useOpenReview();
  return async ({ who, from, differences, undo }) => {
    const names = await namesToPush(differences);
    const push = (): void => {
      if (names.length === 1) openReview({ targets: names.map((name) => ({ name })) });
      else openRollout(names);
    };
    showUndoNotice(
      `Restored ${from === undefined ? who : `${who} ${from}`}. Nothing is pushed yet.`,
      () => {
        void undo().then(async (undone) => {
          reportOutcome(undone, `Undone: ${who} is as it was before.`);
          await refreshRestored();
        });
      },
      names.length === 0 ? [] : [{ label: 'Review and push', act: push }],
    );
  };
}
