// Reads objects out of git's pack files (index version 2, SHA-1), as `git gc` and a clone leave them. isomorphic-git
// takes 3 ms for an object that this takes 0.1 ms for: a history of 10,000 saves is searched through 30,000 of them.
// What comes out is compared with its own hash: whatever this reader does not understand is left to isomorphic-git.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { systemCodeOf } from './durable-files.ts';
import { createRecentValues, type RecentValues } from './recent-values.ts';

/** The bytes of an object without its header, null where no pack that can be read here holds it. */
export type PackReader = { read(oid: string): Buffer | null };

/** Larger packs are left to isomorphic-git: this one holds a pack in memory. */
const maxPackBytes = 256 * 1024 * 1024;
/** 32 MiB of unpacked objects: each delta needs its base. */
const baseRoom = 32 * 1024 * 1024;

type Pack = {
  index: Buffer;
  count: number;
  content: Buffer;
  unpacked: RecentValues<Unpacked>;
};
type Unpacked = { kind: string; content: Buffer };

/** Opens the packs of a repository as they are now. */
export function openPacks(gitFolder: string): PackReader {
  const folder = join(gitFolder, 'objects', 'pack');
  const packs = namesOf(folder).flatMap((name) => openPack(join(folder, name)) ?? []);
  return {
    read(oid) {
      const wanted = Buffer.from(oid, 'hex');
      for (const pack of packs) {
        const found = unpackChecked(pack, wanted);
        if (found !== null) return found;
      }
      return null;
    },
  };
}

/** null where it is not in this pack, or does not hash to its name: cut off, or of a kind that is not read here. */
function unpackChecked(pack: Pack, wanted: Buffer): Buffer | null {
  try {
    const offset = offsetOf(pack, wanted);
    const object = offset === null ? null : unpack(pack, offset, 0);
    if (object === null) return null;
    const { kind, content } = object;
    const name = createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest();
    return name.equals(wanted) ? content : null;
  } catch (error) {
    // Out of range, or no zlib stream.
    if (systemCodeOf(error).startsWith('Z_') || error instanceof RangeError) return null;
    throw error;
  }
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^pack-[0-9a-f]{40}\.idx$/.test(name))
      .map((name) => name.slice(0, -4));
  } catch {
    return []; // no pack folder: nothing was packed
  }
}

const indexStart = 8; // magic and version
const fanoutBytes = 256 * 4;
const namesStart = indexStart + fanoutBytes;

function openPack(path: string): Pack | null {
  try {
    if (statSync(`${path}.pack`).size > maxPackBytes) return null;
    const index = readFileSync(`${path}.idx`);
    if (index.readUInt32BE(0) !== 0xff744f63 || index.readUInt32BE(4) !== 2) return null;
    const count = index.readUInt32BE(namesStart - 4);
    return { index, count, content: readFileSync(`${path}.pack`), unpacked: createRecentValues<Unpacked>(baseRoom) };
  } catch {
    return null; // `git gc` took it away just now; its objects are in another one
  }
}

/** Binary search in the sorted names. */
function offsetOf({ index, count }: Pack, wanted: Buffer): number | null {
  const bucket = (byte: number) => (byte < 0 ? 0 : index.readUInt32BE(indexStart + byte * 4));
  const first = wanted[0] ?? 0;
  let [low, high] = [bucket(first - 1), bucket(first)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = namesStart + middle * 20;
    const order = index.compare(wanted, 0, 20, start, start + 20); // of the index's entry to the wanted one
    if (order === 0) return readOffset(index, count, middle);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return null;
}

function readOffset(index: Buffer, count: number, at: number): number {
  const offsets = namesStart + count * 24; // behind the names and their checksums
  const offset = index.readUInt32BE(offsets + at * 4);
  if (offset < 0x80000000) return offset;
  return Number(index.readBigUInt64BE(offsets + count * 4 + (offset - 0x80000000) * 8));
}

const wholeKinds = new Map([
  [1, 'commit'],
  [2, 'tree'],
  [3, 'blob'],
  [4, 'tag'],
]);
const kinds = { byOffset: 6, byName: 7 };
/** git makes chains of at most 50 (4,095 when forced): a longer one is a circle or an attack. */
const maxChain = 4_096;

function unpack(pack: Pack, offset: number, depth: number): Unpacked | null {
  if (depth > maxChain || offset <= 0 || offset >= pack.content.length) return null;
  const key = String(offset);
  const known = pack.unpacked.get(key);
  if (known !== undefined) return known;
  const { kind, end } = readHeader(pack.content, offset);
  let unpacked: Unpacked | null;
  if (kind === kinds.byOffset) {
    const { value, end: start } = readBackOffset(pack.content, end);
    unpacked = applied(unpack(pack, offset - value, depth + 1), pack.content, start);
  } else if (kind === kinds.byName) {
    const base = offsetOf(pack, pack.content.subarray(end, end + 20));
    unpacked = base === null ? null : applied(unpack(pack, base, depth + 1), pack.content, end + 20);
  } else {
    const whole = wholeKinds.get(kind);
    unpacked = whole === undefined ? null : { kind: whole, content: inflateAt(pack.content, end) };
  }
  if (unpacked !== null) pack.unpacked.set(key, unpacked, unpacked.content.length + 100);
  return unpacked;
}

/** zlib stops at the end of its stream, whatever follows. */
function inflateAt(content: Buffer, start: number): Buffer {
  return inflateSync(content.subarray(start));
}

/** Kind and size: three bits of kind in the first byte; the size is told again by zlib. */
function readHeader(content: Buffer, offset: number): { kind: number; end: number } {
  let at = offset;
  const kind = ((content[at] ?? 0) >> 4) & 7;
  while (((content[at] ?? 0) & 0x80) !== 0) at++;
  return { kind, end: at + 1 };
}

/** How far back the base lies: seven bits a byte, each continuation adding one (gitformat-pack, OBJ_OFS_DELTA). */
function readBackOffset(content: Buffer, start: number): { value: number; end: number } {
  let at = start;
  let byte = content[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = content[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at };
}

function applied(base: Unpacked | null, content: Buffer, start: number): Unpacked | null {
  return base === null ? null : { kind: base.kind, content: applyDelta(base.content, inflateAt(content, start)) };
}

/** Copies and insertions, one after the other (gitformat-pack, "Deltified representation"). */
function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const baseSize = readSize(delta, 0);
  const size = readSize(delta, baseSize.end);
  const parts: Buffer[] = [];
  for (let at = size.end; at < delta.length;) {
    const command = delta[at++] ?? 0;
    if ((command & 0x80) === 0) {
      parts.push(delta.subarray(at, at + command));
      at += command;
      continue;
    }
    let [from, length] = [0, 0];
    for (let bit = 0; bit < 4; bit++) if ((command & (1 << bit)) !== 0) from += (delta[at++] ?? 0) * 256 ** bit;
    for (let bit = 0; bit < 3; bit++) if ((command & (16 << bit)) !== 0) length += (delta[at++] ?? 0) * 256 ** bit;
    parts.push(base.subarray(from, from + (length === 0 ? 0x10000 : length)));
  }
  return Buffer.concat(parts);
}

function readSize(delta: Buffer, start: number): { end: number } {
  let at = start;
  while (((delta[at] ?? 0) & 0x80) !== 0) at++;
  return { end: at + 1 };
}
