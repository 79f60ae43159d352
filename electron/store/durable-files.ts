// Files that survive a crash in the middle: written beside their place, synced, renamed; and reading that follows no
// link and takes no giant.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The system's error code ('ENOENT'), or '' for anything that is not a system error. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Content that lies synced beside its place. `put` makes it visible at once; `discard` forgets it. */
export type StagedFile = { folder: string; put(): Promise<void>; discard(): Promise<void> };

const stagedName = /^\.(.+)\.(\d+)\.[0-9a-f]{12}\.new$/;

/** A hidden name beside the file's place; what is left of it is removed by `removeStagedLeftovers`. */
export function stagedPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}.new`);
}

/** Writes and syncs the content under a hidden name in the folder of `path`; the folder is made when missing. */
export async function stageFile(path: string, content: string | Uint8Array, mode = 0o644): Promise<StagedFile> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = stagedPath(path);
  const file = await open(temporary, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  return {
    folder,
    put: () => rename(temporary, path),
    async discard() {
      await rm(temporary, { force: true });
    },
  };
}

/** Makes staged files visible for good: each folder is synced once, without which a power cut can undo the renames. */
export async function placeFiles(files: readonly StagedFile[]): Promise<void> {
  for (const file of files) await file.put();
  for (const folder of new Set(files.map(({ folder }) => folder))) await syncFolder(folder);
}

/** Replaces a file in one step: a reader sees the old content or the new one, never half. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const staged = await stageFile(path, content, mode);
  try {
    await placeFiles([staged]);
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** Deletes a file for good; a missing one is fine. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/** Makes a rename or a deletion in this folder last. Windows cannot open folders and needs no sync of them. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (systemCodeOf(error) !== 'EINVAL') throw error; // some network file systems cannot sync a folder
  } finally {
    await handle.close();
  }
}

/** Removes what a writer that died between write and rename left behind. Call it under the folder's lock. */
export async function removeStagedLeftovers(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (stagedName.test(name)) await rm(join(folder, name), { force: true });
  }
}

/** The names in a folder, sorted; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export type PlainFile =
  { kind: 'content'; content: Buffer } | { kind: 'missing' } | { kind: 'refused'; reason: string };

/** A record has one KiB; read at once it holds up nobody. */
const smallBytes = 64 * 1024;

/** Reads an ordinary file. A link is refused: a shared folder must not point at other files of this computer. */
export async function readPlainFile(path: string, maxBytes: number): Promise<PlainFile> {
  try {
    const facts = await lstat(path);
    if (!facts.isFile()) return { kind: 'refused', reason: 'It is not an ordinary file.' };
    if (facts.size > maxBytes) return { kind: 'refused', reason: `It is larger than ${maxBytes / 1024 / 1024} MiB.` };
    // A thousand small files by promises take four turns of the disk's threads each, and ten times the time.
    return { kind: 'content', content: facts.size <= smallBytes ? readFileSync(path) : await readFile(path) };
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') return { kind: 'missing' };
    if (code === '') throw error;
    return { kind: 'refused', reason: `The system refuses to read it (${code}).` };
  }
}
