// The fleet folder's git repository: builds a commit of exactly our own paths on top of HEAD, reads old versions.
// isomorphic-git runs no hooks and needs no git program; what else is staged or changed in the folder stays as it is.
import fs from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import git from 'isomorphic-git';
import { done, failed, type Outcome } from '#contract/outcome';
import { writeDurably } from './durable-files.ts';

/** A path inside the folder, with `/`, and its new content; null deletes it. */
export type FileChange = { path: string; content: string | null };

export type Person = { name: string; email: string };

/** A commit whose objects are written and which no branch names yet. `land` makes it the branch's newest. */
export type PreparedCommit = { commit: string; land(): Promise<void> };

/** git's own files are replaced in one synced step too: a power cut must not leave an empty object behind. */
const durableFs = {
  promises: {
    ...fs.promises,
    async writeFile(path: string, content: string | Uint8Array, options?: { mode?: number } | string): Promise<void> {
      await fs.promises.access(join(path, '..')); // isomorphic-git makes the folder when this fails
      await writeDurably(path, content, typeof options === 'object' ? options.mode : undefined);
    },
  },
};

export type FolderHistory = {
  /** Fails in words while git itself is in the middle of something here. */
  whyBusy(): Promise<Outcome<void>>;
  prepare(changes: readonly FileChange[], message: string): Promise<PreparedCommit>;
  /** The content of a path in a commit (or at HEAD), null where it is not in it. */
  readAt(path: string, commit: string | null): Promise<string | null>;
  /** The newest commit of the checked-out branch, null in a repository without one. */
  head(): Promise<string | null>;
  parentOf(commit: string): Promise<string | null>;
};

/** Opens the repository in the folder, or makes one with the branch `main`. */
export async function openFolderHistory(dir: string, who: Person): Promise<FolderHistory> {
  if (!(await exists(join(dir, '.git')))) await git.init({ fs: durableFs, dir, defaultBranch: 'main' });
  return {
    whyBusy: () => whyBusy(dir),
    prepare: (changes, message) => prepare({ dir, who }, changes, message),
    readAt: (path, commit) => readAt(dir, path, commit),
    head: () => head(dir),
    parentOf: (commit) =>
      orNull(async () => (await git.readCommit({ fs: durableFs, dir, oid: commit })).commit.parent[0] ?? null),
  };
}

function head(dir: string): Promise<string | null> {
  return orNull(() => git.resolveRef({ fs: durableFs, dir, ref: 'HEAD' }));
}

function readAt(dir: string, path: string, commit: string | null): Promise<string | null> {
  return orNull(async () => {
    const oid = commit ?? (await head(dir));
    if (oid === null) return null;
    const { blob } = await git.readBlob({ fs: durableFs, dir, oid, filepath: path });
    return Buffer.from(blob).toString('utf8');
  });
}

async function prepare(
  { dir, who }: { dir: string; who: Person },
  changes: readonly FileChange[],
  message: string,
): Promise<PreparedCommit> {
  const at = { fs: durableFs, dir };
  const parent = await head(dir);
  const before = parent === null ? null : (await git.readCommit({ ...at, oid: parent })).commit.tree;
  const blobs = new Map<string, string | null>();
  for (const { path, content } of changes) {
    const oid = content === null ? null : await git.writeBlob({ ...at, blob: Buffer.from(content, 'utf8') });
    blobs.set(path, oid);
  }
  const tree = (await writeTree(dir, before, blobs)) ?? (await git.writeTree({ ...at, tree: [] }));
  const isEmpty = parent !== null && tree === before;
  const commit = isEmpty ? parent : await writeCommit(dir, { who, parent, tree, message: clean(message) });
  return {
    commit,
    async land() {
      if (commit !== parent) await moveBranch(dir, commit);
      for (const [filepath, oid] of blobs) {
        if (oid === null) await git.updateIndex({ ...at, filepath, remove: true, force: true });
        else await git.updateIndex({ ...at, filepath, oid, add: true });
      }
    },
  };
}

type Parts = { who: Person; parent: string | null; tree: string; message: string };

function writeCommit(dir: string, { who, parent, tree, message }: Parts): Promise<string> {
  const now = new Date();
  const stamp = { ...who, timestamp: Math.floor(now.getTime() / 1000), timezoneOffset: now.getTimezoneOffset() };
  const commit = { message, tree, parent: parent === null ? [] : [parent], author: stamp, committer: stamp };
  return git.writeCommit({ fs: durableFs, dir, commit });
}

/** HEAD names a branch, or a commit itself where a person has checked one out. */
async function moveBranch(dir: string, value: string): Promise<void> {
  const at = { fs: durableFs, dir };
  const branch = await git.currentBranch({ ...at, fullname: true });
  await git.writeRef({ ...at, ref: branch ?? 'HEAD', value, force: true });
}

/** The tree `before` with these paths replaced; null when nothing is left in it. */
async function writeTree(
  dir: string,
  before: string | null,
  blobs: ReadonlyMap<string, string | null>,
): Promise<string | null> {
  const at = { fs: durableFs, dir };
  const entries = new Map(
    before === null
      ? []
      : (await git.readTree({ ...at, oid: before })).tree.map((entry) => [entry.path, entry] as const),
  );
  const inside = new Map<string, Map<string, string | null>>();
  for (const [path, oid] of blobs) {
    const slash = path.indexOf('/');
    if (slash >= 0) {
      const name = path.slice(0, slash);
      inside.set(name, (inside.get(name) ?? new Map<string, string | null>()).set(path.slice(slash + 1), oid));
    } else if (oid === null) entries.delete(path);
    else entries.set(path, { mode: '100644', path, oid, type: 'blob' });
  }
  for (const [name, below] of inside) {
    const old = entries.get(name);
    const oid = await writeTree(dir, old?.type === 'tree' ? old.oid : null, below);
    if (oid === null) entries.delete(name);
    else entries.set(name, { mode: '040000', path: name, oid, type: 'tree' });
  }
  return entries.size === 0 ? null : git.writeTree({ ...at, tree: [...entries.values()] });
}

async function whyBusy(dir: string): Promise<Outcome<void>> {
  const gitFolder = await findGitFolder(dir);
  if (await exists(join(gitFolder, 'index.lock'))) {
    return failed('folder-locked', 'Another git program works in the fleet folder just now.', 'Try again in a moment.');
  }
  for (const name of ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply']) {
    if (!(await exists(join(gitFolder, name)))) continue;
    const hint = 'Finish or abort it with git, then save again.';
    return failed('folder-locked', 'A merge or rebase is unfinished in the fleet folder.', hint);
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

/** git ends a message at a NUL, and other control characters forge lines on a terminal. */
function clean(message: string): string {
  return `${message
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim()}\n`;
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'NotFoundError') return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
