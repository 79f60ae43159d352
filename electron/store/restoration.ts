// A restoration, whatever it comes from: first what it would change, then one commit that does it. What lies in the
// folder is in history before it is replaced, so that undo is a restoration too.
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { readPlainFile } from './durable-files.ts';
import { scopeInWords } from './every-scope.ts';
import type { ClaimedHistory, FileChange } from './folder-history.ts';
import { maxFoundBytes, type FolderWriter, type Plan } from './folder-writer.ts';
import { compareStates, type GatewayDifference } from './history-compare.ts';
import type { Restoration } from './history-restore.ts';
import { sourceNow, sourceWith } from './history-source.ts';

/** `touched`: whose files change, and who is given something else; `differences`: that, from now to then. */
export type Restored = { commit: string | null; touched: string[]; differences: GatewayDifference[] };

/** `before`: the commit that undo goes back to; null: nothing was changed. */
export type CarriedOut = Restored & { before: string | null };

/** Worked out anew at each call: somebody may have saved since. */
export type RestorationPlan = () => Promise<Outcome<Restoration>>;

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

/** Does it, as one commit; null: it is so already. */
export async function carryOutRestoration(
  { path, scope, plan }: Wanted,
  { writer, words }: { writer: FolderWriter; words: string },
): Promise<Outcome<CarriedOut>> {
  const shown = await previewRestoration({ path, scope, plan });
  if (!shown.ok) return shown;
  const written = await writer.write<Restoration & { before: string }>(async (claimed) => {
    const planned = await plan();
    if (!planned.ok) return planned;
    const { changes } = planned.value;
    const kept = await keepEdits(path, claimed, { paths: [...changes.keys()], scope });
    if (!kept.ok) return kept;
    const list: FileChange[] = [...changes].map(([each, content]) => ({ path: each, content }));
    return done<Plan<Restoration & { before: string }>>({
      words,
      changes: list,
      value: { ...planned.value, before: kept.value },
    });
  });
  if (!written.ok) return written;
  const { commit, value } = written.value;
  const { differences } = shown.value;
  if (value.changes.size === 0) return done({ commit: null, before: null, touched: [], differences: [] });
  return done({ commit, before: value.before, touched: withReached(value.touched, differences), differences });
}

/** With those that are given something else by a group, the fleet or a list. */
function withReached(touched: readonly string[], differences: readonly GatewayDifference[]): string[] {
  return [...new Set([...touched, ...differences.map(({ gateway }) => gateway)])].sort();
}

/** Edits by hand that no commit holds yet would be lost: they get one first. Gives the commit that holds it all. */
async function keepEdits(
  path: string,
  claimed: ClaimedHistory,
  { paths, scope }: { paths: readonly string[]; scope: Scope },
): Promise<Outcome<string>> {
  const present: FileChange[] = [];
  for (const each of paths) {
    const file = await readPlainFile(join(path, each), maxFoundBytes);
    if (file.kind === 'refused') {
      return failed('folder-unreadable', `${each} cannot be read, so that it could not be brought back.`, unreadHint);
    }
    if (file.kind === 'content') present.push({ path: each, content: file.content });
  }
  const kept = await claimed.prepare(present, `Keep ${scopeInWords(scope)} as it was before its restoration`);
  await kept.land();
  return done(kept.commit);
}

const unreadHint = 'Nothing was restored. Look at the rights of that file, or move it away.';
