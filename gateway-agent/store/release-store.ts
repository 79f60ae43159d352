// Releases on disk: releases/<revision>/{config.json, pushed.json, tls/…, lists/…}, immutable once they have their name.
import { randomBytes } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalConfig } from '#contract/canonical-json';
import type { GatewayConfig } from '#contract/config';
import { type ReleasePath, type Revision, type Sha256, shortRevision } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import { rideAlongBytes } from '#contract/protocol';
import { referencedFiles } from '#contract/referenced-files';
import { findHeldFile } from './kept-releases.ts';
import { errnoOf, isRealFolder } from './read-plain-file.ts';
import {
  loadConfig,
  loadVerified,
  maxFileBytes,
  type Pushed,
  releaseFolder,
  releasesFolder,
} from './release-folder.ts';
import { changeStore } from './storage-problem.ts';
import { makeFolder, renameSynced, syncFolder, writeSynced } from './write-synced.ts';

/** A release in memory, complete and verified: every file has the hash that the configuration names. */
export type LoadedRelease = { revision: Revision; config: GatewayConfig; files: ReadonlyMap<ReleasePath, Buffer> };

/** The release, verified against its revision and hashes; `no-such-release` when it is not kept. */
export async function loadRelease(root: string, revision: Revision): Promise<Outcome<LoadedRelease>> {
  const folder = releaseFolder(root, revision);
  const name = `Release ${shortRevision(revision)}`;
  if (!(await isRealFolder(folder))) {
    return failed('no-such-release', `${name} is not kept on the gateway.`, 'Choose one that `releases` lists.');
  }
  const config = await loadConfig(folder, revision);
  if (config === null) return damaged(name, 'config.json');
  const files = new Map<ReleasePath, Buffer>();
  for (const { path, sha256, purpose } of referencedFiles(config)) {
    const content = await loadVerified(join(folder, path), sha256, maxFileBytes(purpose));
    if (content === null) return damaged(name, path);
    files.set(path, content);
  }
  return done({ revision, config, files });
}

/** Writes a release under its revision, all or nothing. One that is already there and whole stays as it is. */
export async function storeRelease(root: string, release: LoadedRelease, author: string): Promise<Outcome<void>> {
  return changeStore(async () => {
    const folder = releaseFolder(root, release.revision);
    if (await isRealFolder(folder)) {
      if ((await loadRelease(root, release.revision)).ok) return;
      await setAside(root, release.revision);
    }
    const incoming = join(releasesFolder(root), `.incoming-${release.revision}-${randomBytes(4).toString('hex')}`);
    try {
      await writeRelease(incoming, release, { root, author });
      await renameSynced(incoming, folder);
    } catch (error) {
      await rm(incoming, { recursive: true, force: true });
      throw error;
    }
  });
}

async function writeRelease(
  folder: string,
  release: LoadedRelease,
  by: { root: string; author: string },
): Promise<void> {
  await makeFolder(folder);
  const subfolders = new Set([...release.files.keys()].map((path) => join(folder, dirname(path))));
  for (const subfolder of subfolders) await makeFolder(subfolder);
  for (const { path, sha256 } of referencedFiles(release.config)) {
    const content = release.files.get(path);
    if (content === undefined) throw new Error(`The release lacks ${path}, which its configuration names.`);
    const isLinked = content.length > rideAlongBytes && (await linkKept(by.root, sha256, join(folder, path)));
    if (!isLinked) await writeSynced(join(folder, path), content);
  }
  const pushed: Pushed = { author: by.author, storedAt: new Date().toISOString() };
  await writeSynced(join(folder, 'config.json'), `${canonicalConfig(release.config)}\n`);
  await writeSynced(join(folder, 'pushed.json'), `${JSON.stringify(pushed)}\n`);
  for (const subfolder of subfolders) await syncFolder(subfolder);
  await syncFolder(folder);
}

/** Large lists are shared between releases by a hard link; false where no kept release has an intact copy. */
async function linkKept(root: string, sha256: Sha256, to: string): Promise<boolean> {
  const held = await findHeldFile(root, sha256);
  if (held === null) return false;
  try {
    await link(held.path, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return false; // no links on this file system: a copy serves as well
  }
}

/** A damaged release keeps its content for the curious and loses its name. */
async function setAside(root: string, revision: Revision): Promise<void> {
  const aside = join(releasesFolder(root), `.damaged-${revision}-${Date.now()}`);
  await rename(releaseFolder(root, revision), aside);
  await syncFolder(releasesFolder(root));
}

function damaged(name: string, file: string): Outcome<never> {
  return failed(
    'storage-failed',
    `${name} is damaged on the gateway: ${file} is not what was pushed.`,
    'Push it again.',
  );
}
