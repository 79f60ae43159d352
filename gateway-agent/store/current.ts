// The small files beside the releases: `current`, the last confirmed revision; `pending.json`, the candidate; and
// `confirmed.json`, who brought the confirmed revision into force.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Revision } from '#contract/files';
import type { Outcome } from '#contract/outcome';
import { PushId } from '#contract/requests';
import { ignoreMissing, readPlainFile } from './read-plain-file.ts';
import { changeStore } from './storage-problem.ts';
import { renameSynced, syncFolder, writeSynced } from './write-synced.ts';

/** A candidate that was handed to the daemon. The daemon's own timer counts; this note is for people and restarts. */
export const Pending = z.object({
  revision: Revision,
  pushId: PushId,
  author: z.string(),
  at: z.iso.datetime(),
  deadline: z.iso.datetime(),
});
export type Pending = z.infer<typeof Pending>;

/** Our own limit: both files hold a few short fields. */
const maxBytes = 4096;

/** The confirmed revision; null when nothing was confirmed yet or the line is no revision. */
export async function readCurrent(root: string): Promise<Revision | null> {
  const content = await readPlainFile(join(root, 'current'), maxBytes).catch(ignoreMissing);
  return Revision.safeParse(content?.toString('utf8').trim()).data ?? null;
}

/** Makes a revision the confirmed one. Readers see the old line or the new one, never half. */
export async function writeCurrent(root: string, revision: Revision): Promise<Outcome<void>> {
  return changeStore(() => replaceFile(root, 'current', `${revision}\n`));
}

/** The note about the last candidate; null when there is none or it cannot be read. */
export function readPending(root: string): Promise<Pending | null> {
  return readNote(root, 'pending.json');
}

/** Notes the candidate, before the daemon is asked to serve it. */
export async function writePending(root: string, pending: Pending): Promise<Outcome<void>> {
  return changeStore(() => replaceFile(root, 'pending.json', `${JSON.stringify(pending)}\n`));
}

/** Notes who brought the confirmed revision into force; a release itself only knows who brought it first. */
export async function writeConfirmed(root: string, confirmed: Pending): Promise<Outcome<void>> {
  return changeStore(() => replaceFile(root, 'confirmed.json', `${JSON.stringify(confirmed)}\n`));
}

/** The push that was confirmed last; null when there is no note, so it may lag behind `current` after a crash. */
export function readConfirmed(root: string): Promise<Pending | null> {
  return readNote(root, 'confirmed.json');
}

/** Takes the note away: the candidate was confirmed, abandoned or refused. */
export async function clearPending(root: string): Promise<Outcome<void>> {
  return changeStore(async () => {
    await rm(join(root, 'pending.json'), { force: true });
    await syncFolder(root);
  });
}

async function readNote(root: string, name: string): Promise<Pending | null> {
  const content = await readPlainFile(join(root, name), maxBytes).catch(ignoreMissing);
  if (content === null) return null;
  try {
    return Pending.safeParse(JSON.parse(content.toString('utf8'))).data ?? null;
  } catch {
    return null; // not JSON: these notes explain, nothing depends on them
  }
}

async function replaceFile(root: string, name: string, content: string): Promise<void> {
  const next = join(root, `${name}.next`);
  await rm(next, { force: true }); // left by a crash; writeSynced creates and never overwrites
  await writeSynced(next, content);
  await renameSynced(next, join(root, name));
}
