// What git's index says about the files of the fleet folder: one that was not touched since is not read to know its
// blob. A thousand files then cost a look at each, in a program that just started too.
import { lstatSync, type BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readIndexEntries, statNumbers } from './git-index.ts';
import { findRepository, orNull } from './git-repository.ts';
import { isSettled } from './stamped-reads.ts';

/** The blob of a path of the fleet folder, null where only reading the file tells it. */
export type KnownBlobs = (path: string) => string | null;

/** Where the numbers of stat end that git compares: times, device, inode, mode, owner, size. */
const statBytes = 40;
const [deviceAt, inodeAt, modeAt, ownerAt] = [16, 20, 24, 28];

/** As the index is now; without one, or with one of another kind, nothing is known. */
export async function loadKnownBlobs(folder: string): Promise<KnownBlobs> {
  const repository = await findRepository(folder);
  const index = repository === null ? null : await orNull(() => readIndex(join(repository.gitFolder, 'index')));
  const entries = index === null ? null : readIndexEntries(index.content);
  if (repository === null || index === null || entries === null) return () => null;
  return (path) => {
    const entry = entries.get(repository.prefix + path);
    if (entry === undefined || isRacy(entry, index.writtenAt)) return null;
    const facts = look(join(folder, path));
    if (facts === null || !facts.isFile() || !isSettled(facts)) return null;
    return isSameStat(entry, statNumbers(facts)) ? entry.toString('hex', statBytes, statBytes + 20) : null;
  };
}

/** Its own time is that of the file that was opened: another one may take its place meanwhile. */
async function readIndex(path: string): Promise<{ content: Buffer; writtenAt: bigint }> {
  const file = await open(path, 'r');
  try {
    const { mtimeNs } = await file.stat({ bigint: true });
    return { content: await file.readFile(), writtenAt: mtimeNs };
  } finally {
    await file.close();
  }
}

/** Without promises it takes a tenth of the time; whoever asks for many gives others a turn. */
function look(path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return null; // whoever reads the file says what is wrong
  }
}

/** Touched in the tick of the clock in which the index was written: what came after looks the same (git's racy-git.adoc). */
function isRacy(entry: Buffer, writtenAt: bigint): boolean {
  const touchedAt = BigInt(entry.readUInt32BE(8)) * 1_000_000_000n + BigInt(entry.readUInt32BE(12));
  return touchedAt >= writtenAt;
}

/** As git compares: the device may be another after a restart, and of the mode only the kind of file was asked. */
function isSameStat(entry: Buffer, now: Buffer): boolean {
  const isSame = (start: number, end: number) => entry.compare(now, start, end, start, end) === 0;
  return isSame(0, deviceAt) && isSame(inodeAt, modeAt) && isSame(ownerAt, statBytes);
}
