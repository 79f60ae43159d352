// Restores, says so with the two ways on: review and push what changed, or undo, which is a restoration too.
import { useState } from 'react';
import type { Output } from '#ipc';
import { failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { useOpenReview } from '../../components/open-review.ts';
import { openRollout } from '../../components/open-rollout.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { scopeInWords } from '../../components/scope-editing.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';

type Wish = { scope: Scope; commit: string };
type Restored = Output<'history:restore'>;

/** What a save of whatever kind may change on screen. */
const followers = ['history:log', 'fleet:list', 'groups:list', 'lists:list', 'settings:load'] as const;

async function refresh(): Promise<void> {
  await Promise.all(followers.map((channel) => refreshCalls(channel)));
}

/** Looks so far back for the commit of a restoration that was just made. */
const undoLooksAt = 20;

/** What it was before this commit: the same scope, one commit earlier. */
async function undo({ scope }: Wish, commit: string): Promise<Outcome<Restored>> {
  const log = await callGateway('history:log', { scope: null, after: null, limit: undoLooksAt });
  if (!log.ok) return log;
  const parent = log.value.entries.find((entry) => entry.commit === commit)?.parent ?? null;
  if (parent === null) return failed('not-found', 'Too much was saved since.', 'Find the save in the list to go back.');
  return callGateway('history:restore', { scope, commit: parent });
}

/** Names that a push would bring something new to and that are still in the fleet. */
async function namesToPush({ differences }: Output<'history:preview-restore'>): Promise<string[]> {
  const fleet = await callGateway('fleet:list', {});
  const known = new Set(fleet.ok ? fleet.value.map(({ name }) => name) : []);
  return differences
    .filter(({ difference }) => difference.length > 0)
    .flatMap(({ gateway }) => (known.has(gateway) ? [gateway] : []));
}

/** `run` tells its success by itself; a failure is the caller's to show. */
export function useRestore() {
  const openReview = useOpenReview();
  const [isRunning, setRunning] = useState(false);
  const run = async (wish: Wish, preview: Output<'history:preview-restore'>): Promise<Outcome<Restored>> => {
    setRunning(true);
    const outcome = await callGateway('history:restore', wish);
    if (outcome.ok) await refresh();
    setRunning(false);
    if (!outcome.ok) return outcome;
    const { commit } = outcome.value;
    const who = scopeInWords(wish.scope);
    if (commit === null) {
      reportOutcome(outcome, `Nothing was to be restored: ${who} is so already.`);
      return outcome;
    }
    const names = await namesToPush(preview);
    const push = (): void => {
      if (names.length === 1) openReview({ targets: names.map((name) => ({ name })) });
      else openRollout(names);
    };
    showUndoNotice(
      `Restored ${who}. Nothing is pushed yet.`,
      () => {
        void undo(wish, commit).then(async (undone) => {
          reportOutcome(undone, `Undone: ${who} is as it was before.`);
          await refresh();
        });
      },
      names.length === 0 ? [] : [{ label: 'Review and push', act: push }],
    );
    return outcome;
  };
  return { run, isRunning };
}
