// Joining what lies in the folder with what the remote has: looked at first, written under the lock only when the
// folder is still what was looked at.
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { blobName } from './blob-name.ts';
import { readPlainFile } from './durable-files.ts';
import type { FileChange } from './folder-history.ts';
import type { FolderWriter, LandingSteps } from './folder-writer.ts';
import type { GitObjects } from './history-objects.ts';
import { isFleetFile, sourceAt, sourceNow, unixText } from './history-source.ts';
import { changedPaths, entryAt, fleetTree, isFile } from './history-trees.ts';
import { pastOf, relate } from './history-walk.ts';
import { reasonAgainst } from './merge-files.ts';
import { mergeStates, refuseNonsense, type JoinedStates, type OurFile } from './merge-states.ts';
import type { Choices } from './merge-values.ts';
import { createStep, orStopped, type SyncWatch } from './sync-watch.ts';

export type JoinPlace = { folder: string; objects: GitObjects; writer: FolderWriter; watch: SyncWatch };

/** Larger files are none that Postern wrote: a list of a million entries has 30 MiB. */
const maxFileBytes = 256 * 1024 * 1024;

/** The folder as it was looked at. `edits`: by hand, in no commit yet; null: removed by hand. */
type Here = { head: string | null; edits: ReadonlyMap<string, Buffer | null> };

/** What a join would do. `pulled`: commits of theirs that we lack. */
export type Look = Here & JoinedStates & { theirs: string | null; pulled: number; isForward: boolean };

/** Reads both sides; nothing changes. `theirs: null`: the remote is empty. */
export async function lookAtBoth(place: JoinPlace, theirs: string | null, choices: Choices): Promise<Outcome<Look>> {
  const here = await lookHere(place, theirs);
  if (!here.ok) return here;
  const { head, edits } = here.value;
  const nothing: Look = { ...here.value, theirs, changes: [], conflicts: [], pulled: 0, isForward: false };
  if (theirs === null) return done(nothing);
  const common = await commonBase(place, here.value, theirs);
  if (!common.ok || common.value.pulled === 0) return common.ok ? done(nothing) : common;
  const { pulled, base } = common.value;
  const theirTree = await fleetTree(place.objects, theirs);
  if (theirTree === null) return failed('folder-unreadable', 'The newest commit of the remote cannot be read.');
  const joined = await mergeStates({
    objects: place.objects,
    trees: { base: await fleetTree(place.objects, base), theirs: theirTree },
    ours: await reader(place, here.value),
    choices,
    watch: place.watch,
  });
  if (!joined.ok) return joined;
  if (joined.value.conflicts.length === 0) {
    const sense = await refuseNonsense(sourceNow(place.folder), {
      changes: joined.value.changes,
      watch: place.watch,
    });
    if (!sense.ok) return sense;
  }
  const isForward = edits.size === 0 && (head === null || head === base);
  return done({ ...nothing, ...joined.value, pulled, isForward });
}

async function lookHere({ folder, objects, watch }: JoinPlace, theirs: string | null): Promise<Outcome<Here>> {
  const head = await objects.head();
  const edits = new Map<string, Buffer | null>();
  const now = sourceNow(folder);
  const [saved, present] = [
    head === null ? new Map<string, string>() : await (await sourceAt(objects, head)).identities(),
    await now.identities(createStep(watch)),
  ];
  const edited = [...new Set([...saved.keys(), ...present.keys()])].filter(
    (path) => saved.get(path) !== present.get(path),
  );
  const step = createStep(watch, { words: 'Reading what was edited by hand', total: edited.length });
  for (const path of edited) {
    await step();
    const content = await now.read(path);
    const reason = content === null ? null : await orStopped(watch.signal, reasonAgainst(path, content));
    if (reason !== null) {
      return failed(
        'folder-unreadable',
        `${path} was changed by hand and cannot be read. ${reason}`,
        'Correct it first.',
      );
    }
    edits.set(path, content);
  }
  const others = await editsOfOthers({ folder, objects }, head, theirs);
  if (!others.ok) return others;
  for (const [path, content] of others.value) edits.set(path, content);
  return done({ head, edits });
}

/** Files that are none of the fleet's, and that theirs would replace: a README that somebody edits. */
async function editsOfOthers(
  { folder, objects }: Pick<JoinPlace, 'folder' | 'objects'>,
  head: string | null,
  theirs: string | null,
): Promise<Outcome<Map<string, Buffer | null>>> {
  const edits = new Map<string, Buffer | null>();
  const ours = await fleetTree(objects, head);
  for (const { path, before } of await changedPaths(objects, ours, await fleetTree(objects, theirs))) {
    if (isFleetFile(path) || path.startsWith('audit/')) continue;
    const file = await readPlainFile(join(folder, path), maxFileBytes);
    if (file.kind === 'refused')
      return failed('folder-unreadable', `${path} is in the way. ${file.reason}`, 'Move it away.');
    const content = file.kind === 'content' ? file.content : null;
    const isSame = content === null ? before === null : before?.oid === blobName(unixText(content));
    if (!isSame) edits.set(path, content);
  }
  return done(edits);
}

type Common = { base: string | null; pulled: number };

/** A folder that holds no more than its own audit log takes over whatever the remote holds. */
async function commonBase(
  { objects, watch }: JoinPlace,
  { head, edits }: Here,
  theirs: string,
): Promise<Outcome<Common>> {
  const onEach = createStep(watch);
  if (head !== null) {
    const { base, onlyRight } = await relate(objects, { ours: head, theirs, onEach });
    if (base !== null) return done({ base, pulled: onlyRight });
  }
  const present = head === null ? [] : await changedPaths(objects, null, await fleetTree(objects, head));
  if (edits.size === 0 && present.every(({ path }) => path.startsWith('audit/'))) {
    return done({ base: null, pulled: (await pastOf(objects, theirs, onEach)).size });
  }
  const message = 'The remote holds another history: it and this folder never were the same fleet.';
  const hint = 'Open an empty folder to take over what the remote holds, or choose an empty remote.';
  return failed('conflict', message, hint);
}

async function reader(
  { folder, objects }: JoinPlace,
  { head, edits }: Here,
): Promise<(path: string) => Promise<OurFile>> {
  const tree = await fleetTree(objects, head);
  const read = (content: Buffer | null): OurFile => ({
    blob: content === null ? null : blobName(unixText(content)),
    read: () => Promise.resolve(content),
  });
  return async (path) => {
    const edited = edits.get(path);
    if (edited !== undefined) return read(edited);
    // A log may have grown since its last commit.
    const file = path.startsWith('audit/') ? await readPlainFile(join(folder, path), maxFileBytes) : null;
    if (file?.kind === 'content') return read(file.content);
    const entry = await entryAt(objects, tree, path);
    if (entry === null || !isFile(entry)) return read(null);
    return { blob: entry.oid, read: () => objects.blob(entry.oid) };
  };
}

/** `moved`: somebody saved since it was looked at; nothing was written. */
export type Landed = { kind: 'landed'; head: string | null } | { kind: 'moved' };

/** Writes what was looked at: edits by hand as a commit of their own, then theirs as one with these words. */
export async function landLook(place: JoinPlace, look: Look, words: string): Promise<Outcome<Landed>> {
  const { head, edits, theirs, changes, pulled, isForward } = look;
  if (edits.size === 0 && pulled === 0) return done({ kind: 'landed', head });
  let hasMoved = false;
  const written = await place.writer.write<null>(async (claimed) => {
    const here = await lookHere(place, theirs);
    if (!here.ok) return here;
    hasMoved = !isSameHere(here.value, look);
    if (hasMoved) return failed('conflict', 'Somebody saved meanwhile.');
    const kept: FileChange[] = [...edits].map(([path, content]) => ({ path, content }));
    const keptWords = 'Keep what was edited by hand before the sync';
    const steps = landingSteps(place.watch, changes.length);
    if (theirs === null || pulled === 0) return done({ words: keptWords, changes: kept, value: null, steps });
    if (kept.length > 0) await (await claimed.prepare(kept, keptWords, { onEach: steps.onBlob })).land();
    return done({ words, changes, value: null, joining: { theirs, isForward }, steps });
  });
  if (hasMoved) return done({ kind: 'moved' });
  return written.ok ? done({ kind: 'landed', head: written.value.commit }) : written;
}

/** Stopped before the first file is in its place, nothing of theirs is here; from then on it goes through. */
function landingSteps(watch: SyncWatch, total: number): LandingSteps {
  const onBlob = createStep(watch);
  return {
    onFile: createStep(watch, { words: 'Writing what others saved', total }),
    onBlob,
    async onPlacing() {
      await onBlob();
      watch.onWords('Putting it in place; this cannot be stopped…', false);
    },
  };
}

function isSameHere(a: Here, b: Here): boolean {
  if (a.head !== b.head || a.edits.size !== b.edits.size) return false;
  return [...a.edits].every(([path, content]) => {
    const other = b.edits.get(path);
    if (other === undefined) return false;
    return content === null || other === null ? content === other : content.equals(other);
  });
}
