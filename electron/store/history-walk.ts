// Walks over commits, newest first, and finds what two branches have in common. No more is read than is asked for.
import type { CommitFacts, GitObjects } from './history-objects.ts';

/** Commits from here back in time, each once; a child before its parents unless somebody's clock was wrong. */
export async function* walkCommits(objects: GitObjects, start: string | null): AsyncGenerator<CommitFacts> {
  const seen = new Set<string>();
  const waiting: CommitFacts[] = []; // oldest first, so that the newest is taken from the end
  const add = async (oid: string): Promise<void> => {
    if (seen.has(oid)) return;
    seen.add(oid);
    const commit = await objects.commit(oid); // null: a shallow clone ends here
    if (commit !== null) insert(waiting, commit);
  };
  if (start !== null) await add(start);
  for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
    yield commit;
    for (const parent of commit.parents) await add(parent);
  }
}

/** Mostly the end is the place: histories are nearly linear. */
function insert(sorted: CommitFacts[], commit: CommitFacts): void {
  let place = sorted.length;
  while (place > 0 && (sorted[place - 1]?.committedAt ?? 0) > commit.committedAt) place--;
  sorted.splice(place, 0, commit);
}

/** How two commits stand to each other. `base` is the newest commit that both contain; null: they share none. */
export type Relation = { base: string | null; onlyLeft: number; onlyRight: number };

const [left, right] = [1, 2];

/**
 * git's own way (paint down to common): each commit is marked with the side that reaches it; where both marks meet,
 * everything below is common. The walk ends when only common commits wait.
 */
export async function relate(objects: GitObjects, ours: string, theirs: string): Promise<Relation> {
  const marks = new Map<string, number>();
  const waiting: CommitFacts[] = [];
  const mark = async (oid: string, sides: number): Promise<void> => {
    const before = marks.get(oid) ?? 0;
    if ((before | sides) === before) return;
    marks.set(oid, before | sides);
    const commit = await objects.commit(oid);
    if (commit !== null) insert(waiting, commit);
  };
  await mark(ours, left);
  await mark(theirs, right);
  let base: string | null = null;
  const isOpen = () => waiting.some(({ oid }) => marks.get(oid) !== (left | right));
  while (waiting.length > 0 && (base === null || isOpen())) {
    const commit = waiting.pop();
    if (commit === undefined) break;
    const sides = marks.get(commit.oid) ?? 0;
    if (sides === (left | right)) base ??= commit.oid;
    for (const parent of commit.parents) await mark(parent, sides);
  }
  const count = (side: number) => [...marks.values()].filter((sides) => sides === side).length;
  return { base, onlyLeft: count(left), onlyRight: count(right) };
}

/** True where `ancestor` is in the past of `commit`, or the same. */
export async function contains(objects: GitObjects, commit: string, ancestor: string): Promise<boolean> {
  if (commit === ancestor) return true;
  return (await relate(objects, commit, ancestor)).onlyRight === 0;
}
