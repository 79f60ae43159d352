// git's index, changed for many paths in one write: isomorphic-git writes the whole file for each path, which takes a
// minute for a thousand gateways. Version 2 of the format (gitformat-index) is what it writes itself.
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobName } from './blob-name.ts';
import { readPlainFile, writeDurably } from './durable-files.ts';
import { orNull } from './git-repository.ts';
import { mapAtOnce } from './map-at-once.ts';

/** Blobs by path; null takes the path out. */
export type IndexChanges = ReadonlyMap<string, string | null>;

/** Bytes before the name: ten numbers of stat, the SHA-1, the flags. */
const fixedBytes = 62;
const regularFile = 0o100644;

/** A larger file is none that Postern wrote: a list of a million entries has 30 MiB. */
const maxFileBytes = 256 * 1024 * 1024;

/** False where the index is of a kind that is not written here; nothing is changed then. Call it under index.lock. */
export async function changeIndex(
  { dir, gitFolder }: { dir: string; gitFolder: string },
  changes: IndexChanges,
): Promise<boolean> {
  const path = join(gitFolder, 'index');
  const entries = readIndexEntries(await orNull(() => readFile(path)));
  if (entries === null) return false;
  for (const [name, entry] of await mapAtOnce(
    changes,
    async ([each, oid]) => [each, await makeEntry(dir, each, oid)] as const,
  )) {
    if (entry === null) entries.delete(name);
    else entries.set(name, entry);
  }
  await writeDurably(path, formatIndex(entries));
  return true;
}

/** Whole entries by path; null for another version, unmerged paths, or an extension that git must understand. */
export function readIndexEntries(index: Buffer | null): Map<string, Buffer> | null {
  const entries = new Map<string, Buffer>();
  if (index === null) return entries;
  if (index.length < 32 || index.toString('latin1', 0, 4) !== 'DIRC' || index.readUInt32BE(4) !== 2) return null;
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const end = index.indexOf(0, at + fixedBytes);
    if (end < 0) return null;
    const stage = (index.readUInt16BE(at + 60) >> 12) & 3;
    if (stage !== 0) return null;
    const next = at + paddedLength(end - at);
    entries.set(index.toString('utf8', at + fixedBytes, end), index.subarray(at, next));
    at = next;
  }
  while (at < index.length - 20) {
    // Lower case: git must not go on without it (a split or sparse index); the rest is a cache that git makes anew.
    if (!/^[A-Z]/.test(index.toString('latin1', at, at + 4))) return null;
    at += 8 + index.readUInt32BE(at + 4);
  }
  return entries;
}

/** One to eight NULs end an entry, so that the next one starts at a multiple of eight. */
function paddedLength(length: number): number {
  return (length + 8) & ~7;
}

async function makeEntry(dir: string, name: string, oid: string | null): Promise<Buffer | null> {
  if (oid === null) return null;
  const text = Buffer.from(name, 'utf8');
  const entry = Buffer.alloc(paddedLength(fixedBytes + text.length));
  (await statOf(join(dir, name), oid)).copy(entry);
  entry.writeUInt32BE(regularFile, 24);
  entry.write(oid, 40, 'hex');
  entry.writeUInt16BE(Math.min(text.length, 0xfff), 60);
  text.copy(entry, fixedBytes);
  return entry;
}

/** Zeros, so that git looks at the file itself, where it is gone or somebody edited it since it was put in place. */
async function statOf(path: string, oid: string): Promise<Buffer> {
  const facts = await orNull(() => lstat(path, { bigint: true }));
  const file = await readPlainFile(path, maxFileBytes);
  const isOurs = facts !== null && file.kind === 'content' && blobName(file.content) === oid;
  return isOurs ? statNumbers(facts) : Buffer.alloc(40);
}

/** The ten numbers by which git tells whether a file was touched, as they stand in an entry. */
export function statNumbers(facts: BigIntStats): Buffer {
  const { ctimeNs, mtimeNs, dev, ino, uid, gid, size } = facts;
  const billion = 1_000_000_000n;
  const times = [ctimeNs / billion, ctimeNs % billion, mtimeNs / billion, mtimeNs % billion];
  const numbers = Buffer.alloc(40);
  for (const [index, number] of [...times, dev, ino, BigInt(regularFile), uid, gid, size].entries()) {
    numbers.writeUInt32BE(Number(BigInt.asUintN(32, number)), index * 4);
  }
  return numbers;
}

function formatIndex(entries: ReadonlyMap<string, Buffer>): Buffer {
  const sorted = [...entries]
    .map(([name, entry]) => ({ key: Buffer.from(name, 'utf8'), entry }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key));
  const header = Buffer.alloc(12);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(sorted.length, 8);
  const body = Buffer.concat([header, ...sorted.map(({ entry }) => entry)]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
