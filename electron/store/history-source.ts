// The fleet folder's files as they lie in a commit, in the folder now, or as they would lie there after a change: one
// shape for whoever compares or brings back.
import { join } from 'node:path';
import { blobName } from './blob-name.ts';
import { namesIn, readPlainFile } from './durable-files.ts';
import type { FilePlace } from './file-place.ts';
import type { GitObjects } from './history-objects.ts';
import { loadKnownBlobs } from './known-blobs.ts';
import { mapAtOnce } from './map-at-once.ts';
import { createTurns } from './turns.ts';
import { changedPaths, entryAt, fleetTree, isFile } from './history-trees.ts';

/** Files by path. Equal identities mean equal content; they are git's own blob names. */
export type FileSource = {
  /** `onEach`: before each file that is looked at; it may end the work by throwing. */
  identities(onEach?: () => Promise<void>): Promise<ReadonlyMap<string, string>>;
  read(path: string): Promise<Buffer | null>;
};

const kinds = [
  { folder: 'gateways', ending: '.yaml' },
  { folder: 'groups', ending: '.yaml' },
  { folder: 'credentials', ending: '.yaml' },
  { folder: 'jump-hosts', ending: '.yaml' },
  { folder: 'lists', ending: '.txt' },
  { folder: 'certificates', ending: '.pem' },
] as const;

/** True for what makes the fleet: settings, groups, lists, certificates, ways to sign in. The audit log is none of it. */
export function isFleetFile(path: string): boolean {
  return path === 'fleet.yaml' || kinds.some(({ folder, ending }) => fits(path, folder, ending));
}

function fits(path: string, folder: string, ending: string): boolean {
  const name = path.slice(folder.length + 1);
  return path.startsWith(`${folder}/`) && name.endsWith(ending) && !name.startsWith('.') && !name.includes('/');
}

/** Larger files are none that Postern wrote: a list of a million entries has 30 MiB. */
const maxFileBytes = 256 * 1024 * 1024;

/** The files of a commit. */
export async function sourceAt(objects: GitObjects, commit: string): Promise<FileSource> {
  const tree = await fleetTree(objects, commit);
  return {
    async identities() {
      const found = new Map<string, string>();
      for (const { path, after } of await changedPaths(objects, null, tree)) {
        if (after !== null && isFile(after) && isFleetFile(path)) found.set(path, after.oid);
      }
      return found;
    },
    async read(path) {
      const entry = await entryAt(objects, tree, path);
      return entry === null || !isFile(entry) ? null : objects.blob(entry.oid);
    },
  };
}

/** The files that lie in the folder now, edits by hand included. */
export function sourceNow(folder: string): FileSource {
  const read = async (path: string): Promise<Buffer | null> => {
    const file = await readPlainFile(join(folder, path), maxFileBytes);
    return file.kind === 'content' ? file.content : null;
  };
  return {
    read,
    async identities(onEach) {
      const [known, turns] = [await loadKnownBlobs(folder), createTurns()];
      const found = await mapAtOnce(await pathsOf(folder), async (path) => {
        await turns.next();
        await onEach?.();
        const oid = known(path);
        if (oid !== null) return [path, oid] as const;
        const content = await read(path);
        return content === null ? null : ([path, blobName(unixText(content))] as const);
      });
      return new Map(found.filter((each) => each !== null));
    },
  };
}

async function pathsOf(folder: string): Promise<string[]> {
  const paths = ['fleet.yaml'];
  for (const { folder: sub } of kinds) {
    paths.push(...(await namesIn(join(folder, sub))).map((name) => `${sub}/${name}`));
  }
  return paths.filter(isFleetFile);
}

/** git on Windows may have written CRLF where the repository holds LF: that is no change. */
export function unixText(content: Buffer): Buffer {
  return content.includes('\r\n')
    ? Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : content;
}

/** The files of a source with some of them replaced; null removes one. */
export function sourceWith(base: FileSource, changes: ReadonlyMap<string, Buffer | null>): FileSource {
  return {
    async identities(onEach) {
      const found = new Map(await base.identities(onEach));
      for (const [path, content] of changes) {
        if (content === null) found.delete(path);
        else if (isFleetFile(path)) found.set(path, blobName(content));
      }
      return found;
    },
    read: (path) => {
      const changed = changes.get(path);
      return changed === undefined ? base.read(path) : Promise.resolve(changed);
    },
  };
}

/** The paths whose content is not the same in both, by the identities of their files. */
export function differingPaths(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): string[] {
  const differing = [...left].filter(([path, identity]) => right.get(path) !== identity).map(([path]) => path);
  return [...differing, ...[...right.keys()].filter((path) => !left.has(path))].sort();
}

/** A source as a place to read settings from: what was is resolved, planned and judged by the code that does it for what is. */
export function placeOf(source: FileSource): FilePlace {
  return async (path) => {
    const content = await source.read(path);
    return content === null ? { kind: 'missing' } : { kind: 'content', content };
  };
}
