// The one way in which the fleet folder changes: plan under the lock, stage every file, prepare the commit, then put
// all in place. Whatever fails before that last step leaves the folder as it was.
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import {
  placeFiles,
  removeDurably,
  removeStagedLeftovers,
  stageFile,
  systemCodeOf,
  type StagedFile,
} from './durable-files.ts';
import type { ClaimedHistory, FileChange, FolderHistory } from './folder-history.ts';
import { withFolderLock } from './folder-lock.ts';
import { mapAtOnce } from './map-at-once.ts';

/** What to write, decided under the lock from what lies in the folder then; `value` is handed to the caller. */
export type Plan<T> = { words: string; changes: FileChange[]; value: T };

type Written<T> = { commit: string; value: T };

/** Decides under the lock; a planner that must keep something in history first prepares a commit of its own. */
export type Planner<T> = (history: ClaimedHistory) => Promise<Outcome<Plan<T>>>;

export type FolderWriter = { write<T>(plan: Planner<T>): Promise<Outcome<Written<T>>> };

/** Every folder that holds files of ours; '' is the fleet folder itself, with fleet.yaml. */
const ownFolders = ['', 'gateways', 'groups', 'lists', 'certificates', 'credentials', 'jump-hosts'] as const;

/** Writers of one process queue up here; those of several meet at the lock file. */
export function createFolderWriter(folder: string, history: FolderHistory): FolderWriter {
  let queue: Promise<unknown> = Promise.resolve();

  async function writeNow<T>(plan: Planner<T>): Promise<Outcome<Written<T>>> {
    return withFolderLock(folder, async () => {
      const claimed = await history.claim();
      if (!claimed.ok) return claimed;
      try {
        for (const name of ownFolders) await removeStagedLeftovers(join(folder, name));
        const planned = await plan(claimed.value);
        if (!planned.ok) return planned;
        const { words, changes, value } = planned.value;
        return done({ commit: await land(folder, claimed.value, { words, changes }), value });
      } finally {
        await claimed.value.release();
      }
    });
  }

  return {
    write(plan) {
      const turn = queue.then(() => reportingDisk(folder, () => writeNow(plan), 'Nothing was saved.'));
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function land(
  folder: string,
  history: ClaimedHistory,
  { words, changes }: { words: string; changes: readonly FileChange[] },
): Promise<string> {
  const staged: StagedFile[] = [];
  try {
    await mapAtOnce(changes, async ({ path, content }) => {
      if (content !== null) staged.push(await stageFile(join(folder, path), content));
    });
    const prepared = await history.prepare(changes, words);
    await placeFiles(staged.splice(0));
    for (const { path, content } of changes) {
      if (content === null) await removeDurably(join(folder, path));
    }
    await prepared.land();
    return prepared.commit;
  } finally {
    for (const file of staged) await file.discard();
  }
}

/** The commit of a write whose value nobody needs. */
export async function commitOf(writing: Promise<Outcome<{ commit: string }>>): Promise<Outcome<{ commit: string }>> {
  const written = await writing;
  return written.ok ? done({ commit: written.value.commit }) : written;
}

/** A full or unwritable disk is an expected failure; anything else is a bug and goes on as one. */
export async function reportingDisk<T>(
  folder: string,
  work: () => Promise<Outcome<T>>,
  hint = 'Check that it is the right folder, and its rights.',
): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    const code = systemCodeOf(error);
    if (!/^E[A-Z0-9]+$/.test(code)) throw error;
    const reason =
      { ENOSPC: 'the disk is full', EACCES: 'this user has no access', EROFS: 'it is read-only' }[code] ?? code;
    return failed('storage-failed', `The folder ${folder} cannot be used: ${reason}.`, hint);
  }
}
