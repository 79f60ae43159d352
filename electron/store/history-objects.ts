// Reads commits and trees of the fleet folder's repository quickly: loose and packed objects straight from their files,
// what is left through isomorphic-git. What was read once stays, because an object never changes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import git from 'isomorphic-git';
import { systemCodeOf } from './durable-files.ts';
import { durableFs, orNull, type Repository } from './git-repository.ts';
import { openPacks, type PackReader } from './history-packs.ts';
import { createRecentValues } from './recent-values.ts';
import { createTurns } from './turns.ts';

/** A commit as its object says it; `at` is the author's time. */
export type CommitFacts = {
  oid: string;
  tree: string;
  parents: string[];
  author: string;
  /** Seconds; what the walk is ordered by. */
  committedAt: number;
  at: string; // ISO 8601
  message: string;
};

export type TreeEntry = { mode: string; name: string; oid: string };

export type GitObjects = {
  readonly repository: Repository;
  /** null where there is no such commit. */
  commit(oid: string): Promise<CommitFacts | null>;
  /** A tree as its bytes: `findEntry` and `entriesOf` read them. Empty where `oid` is null. */
  tree(oid: string | null): Promise<Buffer>;
  /** null where there is no such blob. */
  blob(oid: string): Promise<Buffer | null>;
  /** The commit that HEAD names, null in a repository without one. */
  head(): Promise<string | null>;
};

/** 32 MiB of trees: a fleet of 1,000 gateways has 40 KB in each. */
const treeRoom = 32 * 1024 * 1024;
/** 64 MiB of commits: about 150,000. */
const commitRoom = 64 * 1024 * 1024;

/** Packs are held in memory; after a minute without a question they are let go. */
const packsMilliseconds = 60_000;

/** The objects of one repository. */
export function openGitObjects(repository: Repository): GitObjects {
  const { dir, gitFolder } = repository;
  const trees = createRecentValues<Buffer>(treeRoom);
  const commits = createRecentValues<CommitFacts>(commitRoom);
  const packs = keepPacks(gitFolder);
  const turns = createTurns();

  const read = async (oid: string): Promise<Buffer | null> => {
    await turns.next(); // reading without promises is five times as fast for small files
    return readLoose(gitFolder, oid) ?? packs.read(oid) ?? (await readElsewhere(dir, oid));
  };

  return {
    repository,
    async commit(oid) {
      const known = commits.get(oid);
      if (known !== undefined) return known;
      const content = await read(oid);
      const facts = content === null ? null : parseCommit(oid, content.toString('utf8'));
      if (facts !== null) commits.set(oid, facts, 300 + facts.message.length);
      return facts;
    },
    async tree(oid) {
      if (oid === null) return Buffer.alloc(0);
      const known = trees.get(oid);
      if (known !== undefined) return known;
      const content = (await read(oid)) ?? Buffer.alloc(0);
      trees.set(oid, content, content.length + 100);
      return content;
    },
    blob: read,
    head: () => orNull(() => git.resolveRef({ fs: durableFs, dir, ref: 'HEAD' })),
  };
}

function readLoose(gitFolder: string, oid: string): Buffer | null {
  try {
    const object = inflateSync(readFileSync(join(gitFolder, 'objects', oid.slice(0, 2), oid.slice(2))));
    return object.subarray(object.indexOf(0) + 1);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code.startsWith('Z_')) return null; // not there, or damaged
    throw error;
  }
}

/** Opened when first asked; an object that is not found may be in a pack that `git gc` or a fetch made meanwhile. */
function keepPacks(gitFolder: string): PackReader {
  let opened: PackReader | null = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    read(oid) {
      clearTimeout(timer);
      timer = setTimeout(() => (opened = null), packsMilliseconds).unref();
      const found = opened?.read(oid) ?? null;
      if (found !== null) return found;
      opened = openPacks(gitFolder);
      return opened.read(oid);
    },
  };
}

/** Worktrees, giant packs, other kinds of index. A damaged object counts as missing: the rest can still be told. */
async function readElsewhere(dir: string, oid: string): Promise<Buffer | null> {
  try {
    const { object } = await git.readObject({ fs: durableFs, dir, oid, format: 'content' });
    return Buffer.from(object as Uint8Array); // format 'content' gives bytes
  } catch {
    return null;
  }
}

/** Headers up to the first empty line, then the message. null for anything that is no commit. */
function parseCommit(oid: string, text: string): CommitFacts | null {
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
  if (tree === undefined) return null;
  const parents = [...head.matchAll(/^parent ([0-9a-f]{40})$/gm)].map(([, parent]) => parent ?? '');
  const author = /^author (.*?) ?<[^>]*> (-?\d+) [+-]\d{4}$/m.exec(head);
  const committed = /^committer .*> (-?\d+) [+-]\d{4}$/m.exec(head)?.[1];
  const seconds = Number(author?.[2] ?? committed ?? 0);
  return {
    oid,
    tree,
    parents,
    author: author?.[1] === undefined || author[1] === '' ? 'unknown' : author[1],
    committedAt: Number(committed ?? seconds),
    at: isoOf(seconds),
    message: end < 0 ? '' : text.slice(end + 2),
  };
}

/** A forged time beyond what a Date holds must not stop the list. */
function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** The object that a tree names so, without reading its other entries. */
export function findEntry(tree: Buffer, name: string): TreeEntry | null {
  const wanted = Buffer.from(` ${name}\0`, 'utf8');
  // The bytes may occur inside an object's hash as well: the text before them must be a mode.
  for (let at = tree.indexOf(wanted); at >= 0; at = tree.indexOf(wanted, at + 1)) {
    const mode = /(1[026]0\d{3}|40000)$/.exec(tree.toString('latin1', Math.max(0, at - 7), at))?.[1];
    const start = at + wanted.length;
    if (mode !== undefined) return { mode, name, oid: tree.toString('hex', start, start + 20) };
  }
  return null;
}

/** Every entry of a tree. */
export function entriesOf(tree: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length;) {
    const end = entryEnd(tree, at);
    entries.push(readEntry(tree, at, end));
    at = end;
  }
  return entries;
}

/** The entries that are not the same in both, by name. Equal ones are compared as bytes and never read. */
export function differingEntries(
  before: Buffer,
  after: Buffer,
): { before: Map<string, TreeEntry>; after: Map<string, TreeEntry> } {
  const differing = { before: new Map<string, TreeEntry>(), after: new Map<string, TreeEntry>() };
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [leftEnd, rightEnd] = [entryEnd(before, left), entryEnd(after, right)];
    if (before.compare(after, right, rightEnd, left, leftEnd) === 0) {
      [left, right] = [leftEnd, rightEnd];
      continue;
    }
    const was = left < before.length ? readEntry(before, left, leftEnd) : null;
    const is = right < after.length ? readEntry(after, right, rightEnd) : null;
    // Both are sorted: the smaller name stands on one side only.
    const takesLeft = was !== null && (is === null || was.name <= is.name);
    const takesRight = is !== null && (was === null || is.name <= was.name);
    if (takesLeft) differing.before.set(was.name, was);
    if (takesRight) differing.after.set(is.name, is);
    [left, right] = [takesLeft ? leftEnd : left, takesRight ? rightEnd : right];
  }
  return differing;
}

/** Behind the hash that follows the name's NUL; a cut tree ends the reading. */
function entryEnd(tree: Buffer, start: number): number {
  const zero = tree.indexOf(0, start);
  return zero < 0 ? tree.length : Math.min(zero + 21, tree.length);
}

function readEntry(tree: Buffer, start: number, end: number): TreeEntry {
  const space = tree.indexOf(0x20, start);
  const [mode, name] = [tree.toString('latin1', start, space), tree.toString('utf8', space + 1, end - 21)];
  return { mode, name, oid: tree.toString('hex', end - 20, end) };
}
