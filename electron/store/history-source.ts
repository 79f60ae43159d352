// The fleet folder's files as they lie in a commit, in the folder now, or as they would lie there after a change: one
// shape for whoever compares or brings back.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Outcome } from '#contract/outcome';
import { blobName } from './blob-name.ts';
import { namesIn, readPlainFile } from './durable-files.ts';
import { openFleetFolder, type FleetFolder } from './fleet-folder.ts';
import type { GitObjects } from './history-objects.ts';
import { pathsNamedIn } from './history-scopes.ts';
import { loadKnownBlobs } from './known-blobs.ts';
import { mapAtOnce } from './map-at-once.ts';
import { createTurns } from './turns.ts';
import { changedPaths, entryAt, fleetTree, isFile } from './history-trees.ts';

/** Files by path. Equal identities mean equal content; they are git's own blob names. */
export type FileSource = {
  identities(): Promise<ReadonlyMap<string, string>>;
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
export const maxFileBytes = 256 * 1024 * 1024;

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
    async identities() {
      const [known, turns] = [await loadKnownBlobs(folder), createTurns()];
      const found = await mapAtOnce(await pathsOf(folder), async (path) => {
        await turns.next();
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
    async identities() {
      const found = new Map(await base.identities());
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

/** The paths whose content is not the same in both. */
export async function differingPaths(a: FileSource, b: FileSource): Promise<string[]> {
  const [left, right] = [await a.identities(), await b.identities()];
  const differing = [...left].filter(([path, identity]) => right.get(path) !== identity).map(([path]) => path);
  return [...differing, ...[...right.keys()].filter((path) => !left.has(path))].sort();
}

/**
 * Gives `work` a fleet folder of its own with these gateways of the source, everything above them, and what they
 * name. So what was is resolved, planned and judged by the code that does it for what is; it is gone afterwards.
 */
export async function withFleetOf<T>(
  source: FileSource,
  gateways: readonly string[],
  work: (folder: FleetFolder) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-then-')); // made with mode 0700
  try {
    const wanted = new Set(gateways.map((name) => `gateways/${name}.yaml`));
    const present = await source.identities();
    const settings = [...present.keys()].filter(
      (path) => path === 'fleet.yaml' || path.startsWith('groups/') || wanted.has(path),
    );
    const named = new Set<string>();
    for (const path of settings) {
      const content = await source.read(path);
      if (content === null) continue;
      await put(folder, path, content);
      const { own, shared, certificates } = pathsNamedIn(content.toString('utf8'));
      for (const each of [...own, ...shared, ...certificates]) named.add(each);
    }
    for (const path of named) {
      const content = await source.read(path);
      if (content !== null) await put(folder, path, content);
    }
    const opened = await openFleetFolder(folder, { name: 'nobody', email: '' }); // nothing is written through it
    return opened.ok ? await work(opened.value) : opened;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function put(folder: string, path: string, content: Buffer): Promise<void> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, content, { mode: 0o600 });
}
