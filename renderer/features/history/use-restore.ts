// Restores from history; the way back is a restoration too, of the commit before.
import { useState } from 'react';
import type { Output } from '#ipc';
import { failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { callGateway } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { scopeInWords } from '../../components/scope-editing.ts';
import { refreshRestored, useRestoredNotice } from '../../components/use-restored-notice.ts';

type Wish = { scope: Scope; commit: string };
type Restored = Output<'history:restore'>;

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

/** `run` tells its success by itself; a failure is the caller's to show. */
export function useRestore() {
  const tellRestored = useRestoredNotice();
  const [isRunning, setRunning] = useState(false);
  const run = async (wish: Wish, preview: Output<'history:preview-restore'>): Promise<Outcome<Restored>> => {
    setRunning(true);
    const outcome = await callGateway('history:restore', wish);
    if (outcome.ok) await refreshRestored();
    setRunning(false);
    if (!outcome.ok) return outcome;
    const { commit } = outcome.value;
    const who = scopeInWords(wish.scope);
    if (commit === null) reportOutcome(outcome, `Nothing was to be restored: ${who} is so already.`);
    else await tellRestored({ who, differences: preview.differences, undo: () => undo(wish, commit) });
    return outcome;
  };
  return { run, isRunning };
}
