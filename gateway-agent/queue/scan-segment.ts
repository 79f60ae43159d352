// Reads one segment from start to end. Whatever damage it meets, it goes on behind it and says what it skipped.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { errorCodeOf } from './disk.ts';
import { headBytes, isWholeHead, markerBytes, readHead } from './record-format.ts';
import type { RecordHead, RecordKind } from './record-format.ts';
import type { Segment } from './segment-files.ts';

const windowBytes = 1024 * 1024;
const sectorBytes = 4096;
/** Behind a body that was skipped, only a head is read: the next body may be skipped too. */
const jumpBytes = 8 * 1024;

/** Bodies up to this size are checked at start-up, larger ones when they are read: 10 GB must not delay a start. */
const checkedBodyBytes = 16 * 1024;

/** One record that is what was written. */
export type ScannedRecord = {
  kind: RecordKind;
  meta: string;
  offset: number;
  bodyOffset: number;
  bodyBytes: number;
  bodyCrc: number;
};

/** Bytes that are no record. `cut`: the file ends in the middle of it, as after a crash. */
export type BadRegion = { offset: number; end: number; kind: 'damaged' | 'cut' };

/** What a scan meets, in the order of the file. */
export type ScanVisitor = { record: (record: ScannedRecord) => void; bad: (region: BadRegion) => void };

/** Scans up to `end` (a seal) or the end of the file; `checksAllBodies` for a segment that a crash may have cut. */
export function scanSegment(
  segment: Segment,
  options: { end?: number; checksAllBodies: boolean; onlyFirst?: boolean },
  visitor: ScanVisitor,
): void {
  const descriptor = openSync(segment.path, 'r');
  try {
    const file = new FileWindow(descriptor, Math.min(options.end ?? Infinity, fstatSync(descriptor).size));
    for (let offset = 0; offset < file.bytes;) {
      offset = visitOne(file, { offset, marker: segment.marker, ...options }, visitor);
      if (options.onlyFirst) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

type Spot = { offset: number; marker: Buffer; checksAllBodies: boolean };

/** Returns where the next record may start. */
function visitOne(file: FileWindow, spot: Spot, visitor: ScanVisitor): number {
  const { offset, marker } = spot;
  const head = wholeHead(file, offset, marker);
  if (!head) {
    const next = findRecord(file, offset + 1, marker);
    visitor.bad({ offset, end: next ?? file.bytes, kind: next === null && isCut(file, spot) ? 'cut' : 'damaged' });
    return next ?? file.bytes;
  }
  const bodyOffset = offset + headBytes + head.metaBytes;
  const end = bodyOffset + head.bodyBytes;
  if (end > file.bytes) {
    visitor.bad({ offset, end: file.bytes, kind: 'cut' });
    return file.bytes;
  }
  const meta = file.slice(offset + headBytes, head.metaBytes).toString();
  const isChecked = head.bodyBytes > 0 && (spot.checksAllBodies || head.bodyBytes <= checkedBodyBytes);
  if (isChecked && crc32(file.slice(bodyOffset, head.bodyBytes)) !== head.bodyCrc) {
    visitor.bad({ offset, end, kind: 'damaged' });
  } else {
    visitor.record({ kind: head.kind, meta, offset, bodyOffset, bodyBytes: head.bodyBytes, bodyCrc: head.bodyCrc });
  }
  return end;
}

function wholeHead(file: FileWindow, offset: number, marker: Buffer): RecordHead | null {
  const head = readHead(file.slice(offset, headBytes), marker);
  if (!head || offset + headBytes + head.metaBytes > file.bytes) return null;
  return isWholeHead(file.slice(offset, headBytes + head.metaBytes)) ? head : null;
}

/** A crash in the middle of a write leaves the start of a head, or a file that grew and was not filled: zeros. */
function isCut(file: FileWindow, { offset, marker }: Spot): boolean {
  const start = file.slice(offset, headBytes);
  if (file.isFailing) return false; // what looks like zeros may only be unreadable
  if (isZeroUntilEnd(file, offset)) return true;
  const length = Math.min(start.length, markerBytes);
  if (!start.subarray(0, length).equals(marker.subarray(0, length))) return false;
  const head = readHead(start, marker);
  return start.length < headBytes || (head !== null && offset + headBytes + head.metaBytes > file.bytes);
}

function isZeroUntilEnd(file: FileWindow, from: number): boolean {
  for (let offset = from; offset < file.bytes; offset += windowBytes) {
    if (file.slice(offset, windowBytes).some((byte) => byte !== 0)) return false;
  }
  return true;
}

function findRecord(file: FileWindow, from: number, marker: Buffer): number | null {
  for (let offset = from; offset + headBytes <= file.bytes;) {
    const bytes = file.slice(offset, windowBytes);
    const found = bytes.indexOf(marker);
    if (found < 0) offset += Math.max(1, bytes.length - markerBytes + 1);
    else if (wholeHead(file, offset + found, marker)) return offset + found;
    else offset += found + 1;
  }
  return null;
}

/** A file seen through a buffer that moves forward with the reader. */
class FileWindow {
  readonly bytes: number;
  readonly #descriptor: number;
  #start = 0;
  #content = Buffer.alloc(0);
  #isFailing = false;

  constructor(descriptor: number, bytes: number) {
    this.#descriptor = descriptor;
    this.bytes = bytes;
  }

  /** True once a sector could not be read. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Those bytes, fewer at the end of the file. Valid until the next call. */
  slice(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.bytes - offset));
    if (offset < this.#start || offset + wanted > this.#start + this.#content.length) this.#load(offset, wanted);
    return this.#content.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  #load(offset: number, wanted: number): void {
    const isJump = offset > this.#start + this.#content.length;
    const size = Math.min(Math.max(wanted, isJump ? jumpBytes : windowBytes), this.bytes - offset);
    const content = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      filled += this.#readSome(content, filled, offset);
    }
    this.#start = offset;
    this.#content = content;
  }

  /** A sector that cannot be read counts as zeros, so that its neighbours survive: the checks find the damage. */
  #readSome(content: Buffer, filled: number, start: number): number {
    const wanted = this.#isFailing ? sectorBytes - ((start + filled) % sectorBytes) : content.length;
    const length = Math.min(wanted, content.length - filled);
    try {
      const bytesRead = readSync(this.#descriptor, content, filled, length, start + filled);
      if (bytesRead === 0) throw new Error('the file became shorter while it was read');
      return bytesRead;
    } catch (error) {
      if (errorCodeOf(error) !== 'EIO') throw error;
      if (!this.#isFailing) {
        this.#isFailing = true; // from now on in small steps
        return 0;
      }
      content.fill(0, filled, filled + length);
      return length;
    }
  }
}
