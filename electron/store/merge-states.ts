// Two states of the fleet folder joined over the one that both come from: what of ours changes, what is undecided, and
// whether every gateway still makes sense.
import { done, failed, type Outcome } from '#contract/outcome';
import type { FileChange } from './folder-history.ts';
import type { GitObjects } from './history-objects.ts';
import { scopeOfPath } from './history-scopes.ts';
import { snapshotsOf } from './history-snapshots.ts';
import { isFleetFile, sourceWith, type FileSource } from './history-source.ts';
import { changedPaths } from './history-trees.ts';
import { mergeFile, reasonAgainst, refusePath } from './merge-files.ts';
import type { Choices, FieldConflict } from './merge-values.ts';

/** `ours`: files as they lie in the folder, edits by hand included. Trees are git's; null: an empty one. */
export type StatesMerge = {
  objects: GitObjects;
  trees: { base: string | null; theirs: string };
  ours: (path: string) => Promise<Buffer | null>;
  choices: Choices;
};

/** New content of our files by path, and what a person must decide first. */
export type JoinedStates = { changes: FileChange[]; conflicts: FieldConflict[] };

/** Reads what they changed, and nothing else. Nothing is written. */
export async function mergeStates({ objects, trees, ours, choices }: StatesMerge): Promise<Outcome<JoinedStates>> {
  const joined: JoinedStates = { changes: [], conflicts: [] };
  for (const { path, before, after } of await changedPaths(objects, trees.base, trees.theirs)) {
    const allowed = after === null ? done(undefined) : refusePath(path, after.mode);
    if (!allowed.ok) return allowed;
    const [base, theirs] = [before && (await objects.blob(before.oid)), after && (await objects.blob(after.oid))];
    const reason = theirs === null ? null : await reasonAgainst(path, theirs);
    if (reason !== null) return refuse(`${path} from the remote cannot be read. ${reason}`, 'Correct it there.');
    const here = await ours(path);
    const file = await mergeFile({ path, files: { base, ours: here, theirs }, choices });
    if (!file.ok) return file;
    joined.conflicts.push(...file.value.conflicts);
    const { content } = file.value;
    const isSame = content === null || here === null ? content === here : content.equals(here);
    if (!isSame) joined.changes.push({ path, content });
  }
  return done(joined);
}

function refuse(message: string, what: string): Outcome<never> {
  return failed('folder-unreadable', message, `${what} Nothing was changed here.`);
}

/** A gateway that makes sense here and would not once both are joined: a group that is gone, say. */
export async function refuseNonsense(ours: FileSource, changes: readonly FileChange[]): Promise<Outcome<void>> {
  const contents = new Map(
    changes.map(({ path, content }) => [path, typeof content === 'string' ? Buffer.from(content) : content] as const),
  );
  const joined = sourceWith(ours, contents);
  const names = gatewaysOf([...(await joined.identities()).keys()]);
  const touched = new Set(gatewaysOf([...contents.keys()]));
  const reachesAll = [...contents.keys()].some((path) => isFleetFile(path) && !path.startsWith('gateways/'));
  const after = await snapshotsOf(joined, reachesAll ? names : names.filter((name) => touched.has(name)));
  const broken = [...after].filter(([, made]) => !made.ok).map(([name]) => name);
  const present = new Set(gatewaysOf([...(await ours.identities()).keys()]));
  const before = await snapshotsOf(
    ours,
    broken.filter((name) => present.has(name)),
  );
  for (const name of broken) {
    const made = after.get(name);
    if (made?.ok !== false || before.get(name)?.ok === false) continue; // it made no sense before
    return refuse(`Joined with the remote, ${name} makes no sense: ${made.problem.message}`, 'Correct one side first.');
  }
  return done(undefined);
}

function gatewaysOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const scope = scopeOfPath(path);
    return scope?.kind === 'gateway' ? [scope.name] : [];
  });
}
