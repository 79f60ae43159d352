// What git's own configuration says about the remote of a fleet folder, and changing it. The token lies in the vault.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { done, failed, type Outcome } from '#contract/outcome';
import { removeDurably, writeDurably } from './durable-files.ts';
import { withFolderLock } from './folder-lock.ts';
import { durableFs, findOrMakeRepository, findRepository, orNull, type Repository } from './git-repository.ts';
import type { GitObjects } from './history-objects.ts';
import { relate } from './history-walk.ts';
import { parseAddress, tokenOwner, type RemoteAddress } from './remote-address.ts';
import { trackingRef } from './remote-transport.ts';
import type { Vault } from './vault.ts';

/** How the folder is shared (the same shape as in the window's contract). */
export type RemoteState = {
  url: string | null;
  branch: string | null;
  hasToken: boolean;
  ahead: number | null;
  behind: number | null;
  fetchedAt: string | null;
};

/** A repository of this folder alone, with a branch: what can be shared. */
export type SharedPlace = { repository: Repository; branch: string; url: string | null };

/** null: there is no repository yet. Fails where the folder is a part of another repository, or on no branch. */
export async function findShared(folder: string): Promise<Outcome<SharedPlace | null>> {
  const repository = await findRepository(folder);
  if (repository === null) return done(null);
  if (repository.prefix !== '') {
    const message = 'This fleet folder is a part of a larger git repository, which is shared as a whole.';
    return failed('bad-request', message, 'Pull and push that one with git.');
  }
  const { dir } = repository;
  const branch = await git.currentBranch({ fs: durableFs, dir });
  if (typeof branch !== 'string') {
    return failed('bad-request', 'The git repository of the fleet folder is on no branch.', 'Check one out with git.');
  }
  const url: unknown = await git.getConfig({ fs: durableFs, dir, path: 'remote.origin.url' });
  return done({ repository, branch, url: typeof url === 'string' ? url : null });
}

const nothingShared: RemoteState = {
  url: null,
  branch: null,
  hasToken: false,
  ahead: null,
  behind: null,
  fetchedAt: null,
};

type Known = { folder: string; vault: Vault; objectsOf: (repository: Repository) => GitObjects };

/** As it was when the remote was last asked; nobody is asked now. */
export async function stateOfRemote({ folder, vault, objectsOf }: Known): Promise<Outcome<RemoteState>> {
  const shared = await findShared(folder);
  if (!shared.ok) return shared;
  if (shared.value === null) return done(nothingShared);
  const { repository, branch, url } = shared.value;
  if (url === null) return done({ ...nothingShared, branch });
  const address = parseAddress(url);
  const hasToken =
    address.ok && address.value.way === 'https' && (await vault.hasSecret(tokenOwner(address.value), 'token'));
  const objects = objectsOf(repository);
  const [ours, theirs] = [await objects.head(), await resolveRef(repository, trackingRef(branch))];
  const relation = ours === null || theirs === null ? null : await relate(objects, { ours, theirs });
  return done({
    url,
    branch,
    hasToken,
    ahead: relation?.onlyLeft ?? null,
    behind: relation?.onlyRight ?? null,
    fetchedAt: (await orNull(() => readFile(fetchedFile(repository), 'utf8')))?.trim() ?? null,
  });
}

/** The commit of a ref; null: there is none. */
export function resolveRef({ dir }: Repository, ref: string): Promise<string | null> {
  return orNull(() => git.resolveRef({ fs: durableFs, dir, ref }));
}

function fetchedFile({ gitFolder }: Repository): string {
  return join(gitFolder, 'postern-fetched');
}

/** Notes that the remote was asked just now. */
export function noteFetched(repository: Repository): Promise<void> {
  return writeDurably(fetchedFile(repository), `${new Date().toISOString()}\n`);
}

/** `url: null` forgets it. Whatever was known of another remote's state is forgotten as well. */
export function setRemote(
  folder: string,
  vault: Vault,
  wish: { url: string | null; token: string | null },
): Promise<Outcome<void>> {
  return withFolderLock(folder, async () => {
    const address = wish.url === null ? done(null) : parseAddress(wish.url);
    if (!address.ok) return address;
    const kept = await keepToken(vault, address.value, wish.token);
    if (!kept.ok) return kept;
    if (address.value !== null) await findOrMakeRepository(folder);
    const shared = await findShared(folder);
    if (!shared.ok || shared.value === null) return shared.ok ? done(undefined) : shared;
    const { repository, branch, url } = shared.value;
    if (url !== (address.value?.url ?? null)) await forgetState(repository, branch);
    const before = url === null ? null : parseAddress(url);
    if (address.value !== null) await writeRemote(repository, branch, address.value.url);
    else if (url !== null) {
      await git.deleteRemote({ fs: durableFs, dir: repository.dir, remote: 'origin' });
      if (before?.ok === true && before.value.way === 'https') return vault.removeSecret(tokenOwner(before.value));
    }
    return done(undefined);
  });
}

async function keepToken(vault: Vault, address: RemoteAddress | null, token: string | null): Promise<Outcome<void>> {
  if (token === null) return done(undefined);
  if (address?.way === 'https') return vault.storeSecret(tokenOwner(address), 'token', token);
  return failed('bad-request', 'A token is for https alone: ssh signs in by its own keys.');
}

/** As `git clone` writes it, so that plain `git pull` and `git push` work in the folder. */
async function writeRemote({ dir }: Repository, branch: string, url: string): Promise<void> {
  const at = { fs: durableFs, dir };
  await git.addRemote({ ...at, remote: 'origin', url, force: true });
  await git.setConfig({ ...at, path: `branch.${branch}.remote`, value: 'origin' });
  await git.setConfig({ ...at, path: `branch.${branch}.merge`, value: `refs/heads/${branch}` });
}

async function forgetState(repository: Repository, branch: string): Promise<void> {
  await orNull(() => git.deleteRef({ fs: durableFs, dir: repository.dir, ref: trackingRef(branch) }));
  await removeDurably(fetchedFile(repository));
}
