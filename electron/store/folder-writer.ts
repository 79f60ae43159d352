// The one way in which the fleet folder changes: plan under the lock, stage every file, prepare the commit, then put
// all in place. Whatever fails before that last step leaves the folder as it was.
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import {
  namesIn,
  placeFiles,
  readPlainFile,
  removeDurably,
  removeStagedLeftovers,
  stageFile,
  systemCodeOf,
  type StagedFile,
} from './durable-files.ts';
import { auditFilesToKeep, auditFolderName } from './audit-files.ts';
import type { ClaimedHistory, FileChange, FolderHistory, Joining } from './folder-history.ts';
import { withFolderLock } from './folder-lock.ts';
import { mapAtOnce } from './map-at-once.ts';

/** What to write, decided under the lock from what lies in the folder then; `value` is handed to the caller. */
export type Plan<T> = { words: string; changes: FileChange[]; value: T; joining?: Joining; steps?: LandingSteps };

/** Told on the way of a large write. Each may end it by throwing; then nothing was changed. */
export type LandingSteps = {
  /** Before each file that is written beside its place, and each that goes into git. */
  onFile: () => Promise<void>;
  onBlob: () => Promise<void>;
  /** Before the first file is put in its place: from here on it goes through. */
  onPlacing: () => Promise<void>;
};

type Written<T> = { commit: string; value: T };

/** Decides under the lock; a planner that must keep something in history first prepares a commit of its own. */
export type Planner<T> = (history: ClaimedHistory) => Promise<Outcome<Plan<T>>>;

/** `isRoutine`: a program's own note, such as what was pushed: what precedes a person's change is left out. */
type WriteOptions = { isRoutine?: boolean };

export type FolderWriter = {
  /** The commit takes along what of the audit log git does not hold yet. */
  write<T>(plan: Planner<T>, options?: WriteOptions): Promise<Outcome<Written<T>>>;
  /** Commits what no write has taken along; makes no commit when there is nothing. */
  keepAudit(): Promise<Outcome<void>>;
};

/** Every folder that holds files that a plan writes; '' is the fleet folder itself, with fleet.yaml. */
export const ownFolders = ['', 'gateways', 'groups', 'lists', 'certificates', 'credentials', 'jump-hosts'] as const;

/** Runs under the lock, before anything is planned; it fails no write. */
export type BeforeWrite = () => Promise<void>;

/** Writers of one process queue up here; those of several meet at the lock file. */
export function createFolderWriter(
  folder: string,
  history: FolderHistory,
  beforeWrite: BeforeWrite = () => Promise.resolve(),
): FolderWriter {
  let queue: Promise<unknown> = Promise.resolve();

  function claimed<T>(work: (claimed: ClaimedHistory) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return withFolderLock(folder, async () => {
      const claim = await history.claim();
      if (!claim.ok) return claim;
      try {
        if (claim.value.isNew) await keepAsFound(folder, claim.value);
        return await work(claim.value);
      } finally {
        await claim.value.release();
      }
    });
  }

  async function writeNow<T>(plan: Planner<T>, { isRoutine = false }: WriteOptions): Promise<Outcome<Written<T>>> {
    return claimed(async (claim) => {
      if (!isRoutine) await beforeWrite();
      for (const name of [...ownFolders, auditFolderName]) await removeStagedLeftovers(join(folder, name));
      const planned = await plan(claim);
      if (!planned.ok) return planned;
      const { value, ...parts } = planned.value;
      const along = isRoutine ? [] : await auditOf(folder, claim);
      return done({ commit: await land(folder, claim, { ...parts, along }), value });
    });
  }

  const inTurn = <T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const turn = queue.then(() => reportingDisk(folder, work, 'Nothing was saved.'));
    queue = turn.catch(() => undefined);
    return turn;
  };

  return {
    write: (plan, options = {}) => inTurn(() => writeNow(plan, options)),
    keepAudit: () =>
      inTurn(async () => {
        if ((await namesIn(join(folder, auditFolderName))).length === 0) return done(undefined);
        return claimed(async (claim) => {
          const changes = await auditOf(folder, claim);
          // They are in place already, and a program may be appending to them: only the commit is made.
          if (changes.length > 0) await (await claim.prepare(changes, 'Keep the audit log')).land();
          return done(undefined);
        });
      }),
  };
}

async function auditOf(folder: string, history: ClaimedHistory): Promise<FileChange[]> {
  return auditFilesToKeep(folder, await history.blobsIn(auditFolderName));
}

/** Files without a history, because somebody wrote them by hand or .git was lost: it begins with all of them. */
async function keepAsFound(folder: string, history: ClaimedHistory): Promise<void> {
  const found: FileChange[] = [];
  for (const name of ownFolders) {
    const files = (await namesIn(join(folder, name))).filter((each) => isOwnFile(name, each));
    for (const path of files.map((each) => (name === '' ? each : `${name}/${each}`))) {
      const file = await readPlainFile(join(folder, path), maxFoundBytes);
      if (file.kind === 'content') found.push({ path, content: file.content });
    }
  }
  if (found.length > 0)
    await (await history.prepare(found, 'Begin the history with the files as they were found')).land();
}

/** A larger file is none that Postern wrote: a list of a million entries has 30 MiB. */
export const maxFoundBytes = 256 * 1024 * 1024;

function isOwnFile(folder: string, name: string): boolean {
  return folder === '' ? name === 'fleet.yaml' : !name.startsWith('.');
}

async function land(
  folder: string,
  history: ClaimedHistory,
  { words, changes, along, joining, steps }: Omit<Plan<unknown>, 'value'> & { along: readonly FileChange[] },
): Promise<string> {
  const staged: StagedFile[] = [];
  try {
    await mapAtOnce(changes, async ({ path, content }) => {
      await steps?.onFile();
      if (content !== null) staged.push(await stageFile(join(folder, path), content));
    });
    const prepared = await history.prepare(changes, words, { along, joining, onEach: steps?.onBlob });
    await steps?.onPlacing();
    await placeFiles(staged.splice(0));
    for (const { path, content } of changes) {
      if (content === null) await removeDurably(join(folder, path));
    }
    await prepared.land();
    return prepared.commit;
  } finally {
    await mapAtOnce(staged, (file) => file.discard());
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
