// Which git repository a fleet folder belongs to, and working in it politely beside the git program: its index lock
// is taken, nothing is touched while a merge or rebase is unfinished.
import fs from 'node:fs';
import { readFile, realpath, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import git from 'isomorphic-git';
import { done, failed, type Outcome } from '#contract/outcome';
import { systemCodeOf, writeDurably } from './durable-files.ts';
import { isRunning, putLockFile } from './lock-file.ts';

/** `prefix` is the fleet folder inside the repository: '' or 'mail/fleet/'. */
export type Repository = { dir: string; prefix: string; gitFolder: string };

/** git's own files are replaced in one synced step too: a power cut must not leave an empty object behind. */
export const durableFs = {
  promises: {
    ...fs.promises,
    async writeFile(path: string, content: string | Uint8Array, options?: { mode?: number } | string): Promise<void> {
      await fs.promises.access(join(path, '..')); // isomorphic-git makes the folder when this fails
      await writeDurably(path, content, typeof options === 'object' ? options.mode : undefined);
    },
  },
};

/**
 * The folder's own repository, or one above it whose newest commit holds the folder: a repository inside a tracked
 * folder would take its files out of the outer one's sight. null: there is none yet.
 */
export async function findRepository(folder: string): Promise<Repository | null> {
  if (await exists(join(folder, '.git'))) return { dir: folder, prefix: '', gitFolder: await findGitFolder(folder) };
  const real = await orNull(() => realpath(folder));
  const dir = real === null ? null : await orNull(() => git.findRoot({ fs: durableFs, filepath: real }));
  if (real === null || dir === null) return null;
  const filepath = relative(dir, real).split(sep).join('/');
  const oid = await orNull(() => git.resolveRef({ fs: durableFs, dir, ref: 'HEAD' }));
  const tracked = oid === null ? null : await orNull(() => git.readTree({ fs: durableFs, dir, oid, filepath }));
  return tracked === null ? null : { dir, prefix: `${filepath}/`, gitFolder: await findGitFolder(dir) };
}

/** As `findRepository`; where there is none, makes one with the branch `main`. Call it under the folder's lock. */
export async function findOrMakeRepository(folder: string): Promise<Repository> {
  const found = await findRepository(folder);
  if (found !== null) return found;
  await git.init({ fs: durableFs, dir: folder, defaultBranch: 'main' });
  return { dir: folder, prefix: '', gitFolder: join(folder, '.git') };
}

/** How long a git command of the user may take before a save gives up. */
const patienceMilliseconds = 3_000;

/** Takes git's index lock, or says in words why the repository cannot be written now. The value gives it back. */
export async function claimRepository({ dir, gitFolder }: Repository): Promise<Outcome<() => Promise<void>>> {
  const fit = await refuseUnfit(dir, gitFolder);
  if (!fit.ok) return fit;
  const path = join(gitFolder, 'index.lock');
  const deadline = Date.now() + patienceMilliseconds;
  while (!(await putLockFile(path, `postern ${process.pid}\n`))) {
    if (await isLeftover(path)) await rm(path, { force: true });
    else if (Date.now() < deadline) await sleep(50);
    else {
      const hint = 'Try again in a moment. If none runs, delete the file index.lock in its .git folder.';
      return failed('folder-locked', 'Another git program works in the fleet folder just now.', hint);
    }
  }
  return done(() => rm(path, { force: true }));
}

/** git's own lock holds an index; ours names a process, so that one which died blocks nobody. */
async function isLeftover(path: string): Promise<boolean> {
  const text = await orNull(() => readFile(path, 'latin1'));
  const pid = /^postern (\d+)\n$/.exec(text ?? '')?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

async function refuseUnfit(dir: string, gitFolder: string): Promise<Outcome<void>> {
  for (const name of ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply']) {
    if (!(await exists(join(gitFolder, name)))) continue;
    const hint = 'Finish or abort it with git, then save again.';
    return failed('folder-locked', 'A merge or rebase is unfinished in the fleet folder.', hint);
  }
  for (const path of ['extensions.objectformat', 'extensions.refstorage']) {
    const value: unknown = await git.getConfig({ fs: durableFs, dir, path });
    if (value === undefined || value === 'sha1' || value === 'files') continue;
    const message = 'The git repository of the fleet folder is of a kind that Postern cannot write.';
    return failed('folder-unreadable', message, 'Use one with SHA-1 objects and refs in files.');
  }
  return done(undefined);
}

/** `.git` is a file in worktrees and submodules; it names the real place. */
async function findGitFolder(dir: string): Promise<string> {
  const path = join(dir, '.git');
  if ((await stat(path)).isDirectory()) return path;
  const named = (await readFile(path, 'utf8')).replace(/^gitdir:/, '').trim();
  return isAbsolute(named) ? named : join(dir, named);
}

/** null where something is not there; every other failure goes on. */
export async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'NotFoundError' || code === 'ENOENT') return null;
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
