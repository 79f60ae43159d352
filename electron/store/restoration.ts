// A restoration, whatever it comes from: first what it would change, then one commit that does it. What lies in the
// folder is in history before it is replaced, so that undo is a restoration too.
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { readPlainFile } from './durable-files.ts';
import { scopeInWords } from './every-scope.ts';
import type { ClaimedHistory, FileChange } from './folder-history.ts';
import { maxFoundBytes, type FolderWriter, type LandingSteps, type Plan } from './folder-writer.ts';
import { compareStates, type GatewayDifference } from './history-compare.ts';
import type { Restoration } from './history-restore.ts';
import { sourceNow, sourceWith } from './history-source.ts';
import { createStep, unlessStopped, type Step, type SyncWatch } from './sync-watch.ts';

/** `touched`: whose files change, and who is given something else; `differences`: that, from now to then. */
export type Restored = { commit: string | null; touched: string[]; differences: GatewayDifference[] };

/** `before`: the commit that undo goes back to; null: nothing was changed. */
export type CarriedOut = Restored & { before: string | null };

/** Worked out anew at each call: somebody may have saved since. `onEach` before each file. */
export type RestorationPlan = (onEach?: Step) => Promise<Outcome<Restoration>>;

type Wanted = { path: string; scope: Scope; plan: RestorationPlan };

/** What it would do; nothing changes. */
export async function previewRestoration({ path, scope, plan }: Wanted): Promise<Outcome<Restored>> {
  const planned = await plan();
  if (!planned.ok) return planned;
  const { changes, touched } = planned.value;
  const now = sourceNow(path);
  // A list or a group may reach gateways outside the scope: all that differ are told.
  const within: Scope = scope.kind === 'gateway' && changes.size === 1 ? scope : { kind: 'fleet' };
  const differences = await compareStates({ before: now, after: sourceWith(now, changes), scope: within });
  return done({ commit: null, touched: withReached(touched, differences), differences });
}

type Carrying = { writer: FolderWriter; words: string; watch?: SyncWatch };

/** Does it, as one commit; null: it is so already. `cancelled` before the first file is in place: nothing is changed. */
export async function carryOutRestoration(wanted: Wanted, carrying: Carrying): Promise<Outcome<CarriedOut>> {
  const { watch = unwatched } = carrying;
  const carried = await unlessStopped(watch.signal, () => carryOut(wanted, { ...carrying, watch }));
  return carried ?? failed('cancelled', 'The restoration was cancelled. Nothing was changed.');
}

const unwatched: SyncWatch = { signal: new AbortController().signal, onWords: () => undefined };

async function carryOut(
  { path, scope, plan }: Wanted,
  { writer, words, watch }: Required<Carrying>,
): Promise<Outcome<CarriedOut>> {
  watch.onWords('Comparing with what lies here…');
  const shown = await previewRestoration({ path, scope, plan: () => plan(createStep(watch)) });
  if (!shown.ok) return shown;
  const written = await writer.write<Restoration & { before: string }>(async (claimed) => {
    const planned = await plan(createStep(watch));
    if (!planned.ok) return planned;
    const { changes } = planned.value;
    const kept = await keepEdits(path, claimed, { paths: [...changes.keys()], scope, watch });
    if (!kept.ok) return kept;
    const list: FileChange[] = [...changes].map(([each, content]) => ({ path: each, content }));
    return done<Plan<Restoration & { before: string }>>({
      words,
      changes: list,
      value: { ...planned.value, before: kept.value },
      steps: stepsOf(watch, changes.size),
    });
  });
  if (!written.ok) return written;
  const { commit, value } = written.value;
  const { differences } = shown.value;
  if (value.changes.size === 0) return done({ commit: null, before: null, touched: [], differences: [] });
  return done({ commit, before: value.before, touched: withReached(value.touched, differences), differences });
}

function stepsOf(watch: SyncWatch, total: number): LandingSteps {
  return {
    onFile: createStep(watch, { words: 'Writing', total }),
    onBlob: createStep(watch),
    onPlacing: async () => {
      watch.signal.throwIfAborted();
      watch.onWords('Putting the files in place…', false);
    },
  };
}

/** With those that are given something else by a group, the fleet or a list. */
function withReached(touched: readonly string[], differences: readonly GatewayDifference[]): string[] {
  return [...new Set([...touched, ...differences.map(({ gateway }) => gateway)])].sort();
}

/** Edits by hand that no commit holds yet would be lost: they get one first. Gives the commit that holds it all. */
async function keepEdits(
  path: string,
  claimed: ClaimedHistory,
  { paths, scope, watch }: { paths: readonly string[]; scope: Scope; watch: SyncWatch },
): Promise<Outcome<string>> {
  const present: FileChange[] = [];
  const onEach = createStep(watch, { words: 'Keeping what lies here', total: paths.length });
  for (const each of paths) {
    const file = await readPlainFile(join(path, each), maxFoundBytes);
    if (file.kind === 'refused') {
      return failed('folder-unreadable', `${each} cannot be read, so that it could not be brought back.`, unreadHint);
    }
    if (file.kind === 'content') present.push({ path: each, content: file.content });
  }
  const kept = await claimed.prepare(present, `Keep ${scopeInWords(scope)} as it was before its restoration`, {
    onEach,
  });
  await kept.land();
  return done(kept.commit);
}

const unreadHint = 'Nothing was restored. Look at the rights of that file, or move it away.';
