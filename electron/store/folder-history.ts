// The fleet folder's history: builds a commit of exactly our own paths on top of HEAD, reads old versions.
// isomorphic-git runs no hooks and needs no git program; what else is staged or changed in the folder stays as it is.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import git from 'isomorphic-git';
import { done, type Outcome } from '#contract/outcome';
import { changeIndex } from './git-index.ts';
import { mapAtOnce } from './map-at-once.ts';
import { claimRepository, durableFs, findOrMakeRepository, findRepository, orNull } from './git-repository.ts';

/**
 * A path inside the fleet folder, with `/`, and its new content; null deletes it. `blob`: git holds the content already,
 * under this name.
 */
export type FileChange = { path: string; content: string | Buffer | null; blob?: string };

/** The author of commits. */
export type Person = { name: string; email: string };

/** Joins HEAD with a commit from elsewhere. `isForward`: HEAD is in its past, so it becomes HEAD itself. */
export type Joining = { theirs: string; isForward: boolean };

/** What a commit is made of; `along` goes into it too, but makes none of its own. `onEach` may end it by throwing. */
type CommitParts = {
  changes: readonly FileChange[];
  along?: readonly FileChange[];
  joining?: Joining | undefined;
  onEach?: (() => Promise<void>) | undefined;
};

/** A commit whose objects are written and which no branch names yet. `land` makes it the branch's newest. */
type PreparedCommit = { commit: string; land(): Promise<void> };

export type FolderHistory = {
  /** For writing: makes the repository when there is none, and keeps git itself out until `release`. */
  claim(): Promise<Outcome<ClaimedHistory>>;
  /** The content of a path in a commit, null where it is not in it. */
  readAt(path: string, commit: string): Promise<string | null>;
  parentOf(commit: string): Promise<string | null>;
};

export type ClaimedHistory = {
  /** Made just now: no file of the folder is in it yet. */
  isNew: boolean;
  prepare(
    changes: readonly FileChange[],
    message: string,
    more?: Omit<CommitParts, 'changes'>,
  ): Promise<PreparedCommit>;
  /** Names and blobs of a sub-folder in the newest commit. */
  blobsIn(subFolder: string): Promise<Map<string, string>>;
  release(): Promise<void>;
};

/** The history of one fleet folder. Nothing is made before the first write: a folder opened by mistake stays clean. */
export function createFolderHistory(folder: string, who: Person): FolderHistory {
  return {
    async claim() {
      const isNew = (await findRepository(folder)) === null;
      const { dir, prefix, gitFolder } = await findOrMakeRepository(folder);
      const claimed = await claimRepository({ dir, prefix, gitFolder });
      if (!claimed.ok) return claimed;
      const here = (changes: readonly FileChange[]) =>
        changes.map((change) => ({ ...change, path: prefix + change.path }));
      return done({
        isNew,
        prepare: (changes, message, { along = [], ...more } = {}) => {
          const parts = { ...more, changes: here(changes), along: here(along) };
          return prepare({ dir, gitFolder, who: cleanPerson(who) }, parts, message);
        },
        blobsIn: (subFolder) => blobsIn(dir, prefix + subFolder),
        release: claimed.value,
      });
    },
    async readAt(path, commit) {
      const repository = await findRepository(folder);
      return repository === null ? null : readBlob(repository.dir, repository.prefix + path, commit);
    },
    async parentOf(commit) {
      const repository = await findRepository(folder);
      if (repository === null) return null;
      const found = await orNull(() => git.readCommit({ fs: durableFs, dir: repository.dir, oid: commit }));
      return found?.commit.parent[0] ?? null;
    },
  };
}

function readBlob(dir: string, filepath: string, oid: string): Promise<string | null> {
  return orNull(async () => {
    const { blob } = await git.readBlob({ fs: durableFs, dir, oid, filepath });
    return Buffer.from(blob).toString('utf8');
  });
}

async function prepare(
  { dir, gitFolder, who }: { dir: string; gitFolder: string; who: Person },
  { changes, along = [], joining, onEach }: CommitParts,
  message: string,
): Promise<PreparedCommit> {
  const at = { fs: durableFs, dir };
  const parent = await orNull(() => git.resolveRef({ ...at, ref: 'HEAD' }));
  const before = parent === null ? null : (await git.readCommit({ ...at, oid: parent })).commit.tree;
  const blobs = await writeBlobs(dir, changes, onEach);
  if (joining?.isForward === true) return prepared({ dir, gitFolder }, { commit: joining.theirs, parent, blobs });
  let tree = (await writeTree(dir, before, blobs)) ?? (await git.writeTree({ ...at, tree: [] }));
  const isEmpty = parent !== null && tree === before && joining === undefined;
  if (!isEmpty && along.length > 0) {
    const more = await writeBlobs(dir, along);
    tree = (await writeTree(dir, tree, more)) ?? tree;
    for (const [path, oid] of more) blobs.set(path, oid);
  }
  const parents = [parent, joining?.theirs ?? null].filter((each) => each !== null);
  const commit = isEmpty ? parent : await writeCommit(dir, { who, parents, tree, message: cleanMessage(message) });
  return prepared({ dir, gitFolder }, { commit, parent, blobs });
}

type Landing = { commit: string; parent: string | null; blobs: ReadonlyMap<string, string | null> };

function prepared({ dir, gitFolder }: { dir: string; gitFolder: string }, landing: Landing): PreparedCommit {
  const { commit, parent, blobs } = landing;
  const at = { fs: durableFs, dir };
  return {
    commit,
    async land() {
      if (commit !== parent) await moveBranch(dir, commit);
      if (await changeIndex({ dir, gitFolder }, blobs)) return;
      for (const [filepath, oid] of blobs) {
        if (oid === null) await git.updateIndex({ ...at, filepath, remove: true, force: true });
        else await git.updateIndex({ ...at, filepath, oid, add: true });
      }
    },
  };
}

async function writeBlobs(
  dir: string,
  changes: readonly FileChange[],
  onEach: () => Promise<void> | void = () => undefined,
): Promise<Map<string, string | null>> {
  const written = await mapAtOnce(changes, async ({ path, content, blob }) => {
    await onEach();
    return [path, content === null ? null : (blob ?? (await writeBlob(dir, content)))] as const;
  });
  return new Map<string, string | null>(written);
}

async function blobsIn(dir: string, filepath: string): Promise<Map<string, string>> {
  const at = { fs: durableFs, dir };
  const oid = await orNull(() => git.resolveRef({ ...at, ref: 'HEAD' }));
  const found = oid === null ? null : await orNull(() => git.readTree({ ...at, oid, filepath }));
  return new Map((found?.tree ?? []).filter(({ type }) => type === 'blob').map(({ path, oid: blob }) => [path, blob]));
}

const deflateAsync = promisify(deflate);

/** Hashed and deflated by Node: isomorphic-git's own JavaScript blocks a second for a million entries. */
async function writeBlob(dir: string, content: string | Buffer): Promise<string> {
  const body = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const wrapped = Buffer.concat([Buffer.from(`blob ${body.length}\0`), body]);
  const oid = createHash('sha1').update(wrapped).digest('hex');
  const object = await deflateAsync(wrapped);
  return git.writeObject({ fs: durableFs, dir, format: 'deflated', oid, object });
}

type Parts = { who: Person; parents: string[]; tree: string; message: string };

function writeCommit(dir: string, { who, parents, tree, message }: Parts): Promise<string> {
  const now = new Date();
  const stamp = { ...who, timestamp: Math.floor(now.getTime() / 1000), timezoneOffset: now.getTimezoneOffset() };
  const commit = { message, tree, parent: parents, author: stamp, committer: stamp };
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
  const old = before === null ? [] : (await git.readTree({ ...at, oid: before })).tree;
  const entries = new Map(old.map((entry) => [entry.path, entry] as const));
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
    const present = entries.get(name);
    const oid = await writeTree(dir, present?.type === 'tree' ? present.oid : null, below);
    if (oid === null) entries.delete(name);
    else entries.set(name, { mode: '040000', path: name, oid, type: 'tree' });
  }
  return entries.size === 0 ? null : git.writeTree({ ...at, tree: [...entries.values()] });
}

/** git ends a message at a NUL, and other control characters forge lines on a terminal. */
function cleanMessage(message: string): string {
  return `${message
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim()}\n`;
}

/** Brackets and line ends are git's own marks in a commit; an empty name is refused by it. */
function cleanPerson({ name, email }: Person): Person {
  const clean = (text: string) => text.replaceAll(/[<>]|\p{Cc}/gu, '').trim();
  return { name: clean(name) || 'unknown', email: clean(email) };
}
