// Two states of the fleet folder joined over the one that both come from: what of ours changes, what is undecided, and
// whether every gateway still makes sense.
import { done, failed, type Outcome } from '#contract/outcome';
import type { FileChange } from './folder-history.ts';
import type { GitObjects } from './history-objects.ts';
import { scopeOfPath, scopePath } from './history-scopes.ts';
import { plannerAt } from './history-snapshots.ts';
import { isFleetFile, placeOf, sourceWith, type FileSource } from './history-source.ts';
import { changedPaths, type TreeChange } from './history-trees.ts';
import { mapAtOnce } from './map-at-once.ts';
import { mergeFile, reasonAgainst, refusePath } from './merge-files.ts';
import type { Choices, FieldConflict } from './merge-values.ts';
import { createStep, orStopped, type Step, type SyncWatch } from './sync-watch.ts';

/** A file of ours by the name of its blob, edits by hand included; null: it is not there. */
export type OurFile = { blob: string | null; read(): Promise<Buffer | null> };

/** Trees are git's; null: an empty one. */
export type StatesMerge = {
  objects: GitObjects;
  trees: { base: string | null; theirs: string };
  ours: (path: string) => Promise<OurFile>;
  choices: Choices;
  watch: SyncWatch;
};

/** New content of our files by path, and what a person must decide first. */
export type JoinedStates = { changes: FileChange[]; conflicts: FieldConflict[] };

/** Reads what they changed, and nothing else: what only they changed from their side alone. Nothing is written. */
export async function mergeStates({
  objects,
  trees,
  ours,
  choices,
  watch,
}: StatesMerge): Promise<Outcome<JoinedStates>> {
  const joined: JoinedStates = { changes: [], conflicts: [] };
  const changed = await changedPaths(objects, trees.base, trees.theirs);
  const step = createStep(watch, { words: 'Reading what others saved', total: changed.length });
  const onSome = createStep(watch);
  for (const change of changed) {
    await step();
    const file = await mergeOne({ objects, ours, choices, watch, onSome }, change);
    if (!file.ok) return file;
    joined.conflicts.push(...file.value.conflicts);
    if (file.value.change !== null) joined.changes.push(file.value.change);
  }
  return done(joined);
}

type Merged = { change: FileChange | null; conflicts: FieldConflict[] };

async function mergeOne(
  { objects, ours, choices, watch, onSome }: Omit<StatesMerge, 'trees'> & { onSome: Step },
  { path, before, after }: TreeChange,
): Promise<Outcome<Merged>> {
  const allowed = after === null ? done(undefined) : refusePath(path, after.mode);
  if (!allowed.ok) return allowed;
  const mine = await ours(path);
  if (mine.blob === (after?.oid ?? null)) return done({ change: null, conflicts: [] });
  const theirs = after && (await objects.blob(after.oid));
  const reason = theirs === null ? null : await orStopped(watch.signal, reasonAgainst(path, theirs));
  if (reason !== null) return refuse(`${path} from the remote cannot be read. ${reason}`, 'Correct it there.');
  const asTheirs: FileChange = after === null ? { path, content: theirs } : { path, content: theirs, blob: after.oid };
  if (mine.blob === (before?.oid ?? null)) return done({ change: asTheirs, conflicts: [] }); // only they changed it
  const [base, here] = [before && (await objects.blob(before.oid)), await mine.read()];
  const file = await mergeFile({ path, files: { base, ours: here, theirs }, choices, onSome });
  if (!file.ok) return file;
  const { content, conflicts } = file.value;
  const isSame = (other: Buffer | null) =>
    content === null || other === null ? content === other : content.equals(other);
  if (isSame(here)) return done({ change: null, conflicts });
  return done({ change: isSame(theirs) ? asTheirs : { path, content }, conflicts });
}

function refuse(message: string, what: string): Outcome<never> {
  return failed('folder-unreadable', message, `${what} Nothing was changed here.`);
}

/** A gateway that makes sense here and would not once both are joined: a group that is gone, say. */
export async function refuseNonsense(
  ours: FileSource,
  { changes, watch }: { changes: readonly FileChange[]; watch: SyncWatch },
): Promise<Outcome<void>> {
  const contents = new Map(
    changes.map(({ path, content }) => [path, typeof content === 'string' ? Buffer.from(content) : content] as const),
  );
  const present = await ours.identities(createStep(watch));
  const reachesAll = [...contents.keys()].some((path) => isFleetFile(path) && !path.startsWith('gateways/'));
  const reached = gatewaysOf(reachesAll ? [...new Set([...present.keys(), ...contents.keys()])] : [...contents.keys()]);
  const names = reached.filter((name) => contents.get(scopePath({ kind: 'gateway', name })) !== null);
  const step = createStep(watch, { words: 'Looking whether each gateway makes sense', total: names.length });
  const [after, before] = [plannerAt(placeOf(sourceWith(ours, contents))), plannerAt(placeOf(ours))];
  const refused = await mapAtOnce(names, async (name) => {
    await step();
    const made = await orStopped(watch.signal, after(name));
    if (made.ok) return null;
    const wasThere = present.has(scopePath({ kind: 'gateway', name }));
    if (wasThere && !(await before(name)).ok) return null; // it made no sense before
    return refuse(`Joined with the remote, ${name} makes no sense: ${made.problem.message}`, 'Correct one side first.');
  });
  return refused.find((each) => each !== null) ?? done(undefined);
}

function gatewaysOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const scope = scopeOfPath(path);
    return scope?.kind === 'gateway' ? [scope.name] : [];
  });
}
