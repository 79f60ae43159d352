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

/**
 * Both pasts are read whole. git stops where only common commits wait, and is wrong where a clock was: a team has
 * many. Commits stay known, so that only the first question of 10,000 saves takes its second or two. `onEach` is
 * awaited at each commit and may end it by throwing.
 */
export async function relate(
  objects: GitObjects,
  { ours, theirs, onEach }: { ours: string; theirs: string; onEach?: (() => Promise<void>) | undefined },
): Promise<Relation> {
  if (ours === theirs) return { base: ours, onlyLeft: 0, onlyRight: 0 };
  const [left, right] = [await pastOf(objects, ours, onEach), await pastOf(objects, theirs, onEach)];
  const common = [...left.values()].filter(({ oid }) => right.has(oid));
  const below = new Set(common.flatMap(({ parents }) => parents));
  const [newest] = common
    .filter(({ oid }) => !below.has(oid))
    .toSorted((one, other) => other.committedAt - one.committedAt);
  return { base: newest?.oid ?? null, onlyLeft: left.size - common.length, onlyRight: right.size - common.length };
}

/** All commits in the past of this one, itself included. */
export async function pastOf(
  objects: GitObjects,
  start: string,
  onEach: () => Promise<void> | void = () => undefined,
): Promise<Map<string, CommitFacts>> {
  const past = new Map<string, CommitFacts>();
  for await (const commit of walkCommits(objects, start)) {
    await onEach();
    past.set(commit.oid, commit);
  }
  return past;
}
