// What the gateway keeps: the list of releases, the files they hold by hash, and the pruning of old ones.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Revision, type Sha256 } from '#contract/files';
import type { Outcome } from '#contract/outcome';
import { releasesKept } from '#contract/protocol';
import { type ReferencedFile, referencedFiles } from '#contract/referenced-files';
import { readCurrent } from './current.ts';
import { ignoreMissing, isRealFolder } from './read-plain-file.ts';
import { loadConfig, loadPushed, loadVerified, maxFileBytes, releaseFolder, releasesFolder } from './release-folder.ts';
import { changeStore } from './storage-problem.ts';
import { syncFolder } from './write-synced.ts';

/** A kept release as people list it. */
export type KeptRelease = { revision: Revision; storedAt: string; author: string };

/** A file of a kept release with its verified content. */
export type HeldFile = { path: string; content: Buffer };

/** Leftovers of a crash; an hour is far longer than any push takes, so no running one is disturbed. */
const leftoverMilliseconds = 60 * 60 * 1000;

/** Damaged releases are evidence, not history: the newest three stay. */
const damagedKept = 3;

/** All kept releases, newest first. One without a readable note sorts last and has no author. */
export async function listReleases(root: string): Promise<KeptRelease[]> {
  const kept: KeptRelease[] = [];
  for (const name of await namesIn(releasesFolder(root))) {
    const revision = Revision.safeParse(name);
    if (!revision.success || !(await isRealFolder(releaseFolder(root, revision.data)))) continue;
    const pushed = await loadPushed(releaseFolder(root, revision.data));
    const { author, storedAt } = pushed ?? { author: 'unknown', storedAt: new Date(0).toISOString() };
    kept.push({ revision: revision.data, storedAt, author });
  }
  return kept.toSorted((a, b) => b.storedAt.localeCompare(a.storedAt) || a.revision.localeCompare(b.revision));
}

/** The hashes that kept releases name. Content is verified when it is used, not here: `hello` must stay quick. */
export async function heldFiles(root: string): Promise<Sha256[]> {
  const hashes = new Set<Sha256>();
  for await (const { file } of filesOfReleases(root)) hashes.add(file.sha256);
  return [...hashes].toSorted();
}

/** An intact file with this hash from any kept release, or null. */
export async function findHeldFile(root: string, sha256: Sha256): Promise<HeldFile | null> {
  for await (const { folder, file } of filesOfReleases(root)) {
    if (file.sha256 !== sha256) continue;
    const path = join(folder, file.path);
    const content = await loadVerified(path, sha256, maxFileBytes(file.purpose));
    if (content !== null) return { path, content };
  }
  return null;
}

/** Removes what is older than the newest 20, and leftovers; never the confirmed release nor one in `alsoKeep`. */
export async function pruneReleases(root: string, alsoKeep: readonly Revision[]): Promise<Outcome<void>> {
  return changeStore(async () => {
    const current = await readCurrent(root);
    const kept = new Set<Revision>(current === null ? alsoKeep : [current, ...alsoKeep]);
    for (const { revision } of await listReleases(root)) {
      if (kept.size < releasesKept) kept.add(revision);
      if (!kept.has(revision)) await rm(releaseFolder(root, revision), { recursive: true, force: true });
    }
    await removeLeftovers(root);
    await syncFolder(releasesFolder(root));
  });
}

async function removeLeftovers(root: string): Promise<void> {
  const names = await namesIn(releasesFolder(root));
  const damaged = names.filter((name) => name.startsWith('.damaged-')).toSorted(byTimeInName);
  const stale: string[] = damaged.slice(damagedKept);
  for (const name of names.filter((each) => each.startsWith('.incoming-'))) {
    const facts = await stat(join(releasesFolder(root), name)).catch(ignoreMissing);
    if (facts !== null && Date.now() - facts.mtimeMs > leftoverMilliseconds) stale.push(name);
  }
  for (const name of stale) await rm(join(releasesFolder(root), name), { recursive: true, force: true });
}

/** Newest first; the name ends with the milliseconds at which it was set aside. */
function byTimeInName(a: string, b: string): number {
  return Number(b.split('-').at(-1)) - Number(a.split('-').at(-1));
}

async function* filesOfReleases(root: string): AsyncGenerator<{ folder: string; file: ReferencedFile }> {
  for (const { revision } of await listReleases(root)) {
    const folder = releaseFolder(root, revision);
    const config = await loadConfig(folder, revision);
    for (const file of config === null ? [] : referencedFiles(config)) yield { folder, file };
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ignoreMissing)) ?? [];
}
