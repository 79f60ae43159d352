// How one record of the queue's log looks in bytes. Knows no file and no message.
import { crc32 } from 'node:zlib';

/**
 * marker 8 | kind 1 | zero 3 | meta length 4 | body length 4 | body CRC 4 | head CRC 4 | meta (JSON) | body.
 * The head CRC covers everything before it and the meta, so that lengths can be trusted before the body is read.
 */
export const headBytes = 28;
const crcOffset = 24;
export const markerBytes = 8;

export const recordKinds = { message: 1, marks: 2, seals: 3 } as const;
export type RecordKind = (typeof recordKinds)[keyof typeof recordKinds];

/** Sanity bound for a meta: 10,000 recipients with the longest addresses of RFC 5321 §4.5.3.1.3 stay below. */
const maxMetaBytes = 16 * 1024 * 1024;

/** A body in memory: in pieces as it arrived, because joining 100 KB costs more CPU than storing it (measured: GC). */
export type SmallBody = readonly Buffer[];

/** What the head says about the bytes that follow it. */
export type RecordHead = { kind: RecordKind; metaBytes: number; bodyBytes: number; bodyCrc: number };

/** The bytes in front of the body. `marker` is random, so that no mail can contain what looks like a record. */
export function encodeHead(
  marker: Buffer,
  kind: RecordKind,
  content: { meta: string; body?: SmallBody | null },
): Buffer {
  const metaBytes = Buffer.byteLength(content.meta);
  const head = Buffer.allocUnsafe(headBytes + metaBytes);
  marker.copy(head, 0);
  head.writeUInt32LE(kind, 8);
  head.writeUInt32LE(metaBytes, 12);
  head.writeUInt32LE(bytesOf(content.body), 16);
  head.writeUInt32LE(crcOf(content.body), 20);
  head.write(content.meta, headBytes);
  head.writeUInt32LE(headCrc(head), crcOffset);
  return head;
}

/** The lengths a head claims, or null when the first bytes are no head; `isWholeHead` must follow before use. */
export function readHead(bytes: Buffer, marker: Buffer): RecordHead | null {
  if (bytes.length < headBytes || !bytes.subarray(0, markerBytes).equals(marker)) return null;
  const kind = bytes.readUInt32LE(8);
  const metaBytes = bytes.readUInt32LE(12);
  if (kind !== 1 && kind !== 2 && kind !== 3) return null;
  if (metaBytes > maxMetaBytes) return null;
  return { kind, metaBytes, bodyBytes: bytes.readUInt32LE(16), bodyCrc: bytes.readUInt32LE(20) };
}

/** True when head and meta are exactly what was written. */
export function isWholeHead(headAndMeta: Buffer): boolean {
  return headAndMeta.readUInt32LE(crcOffset) === headCrc(headAndMeta);
}

/** The length of a body in memory. */
export function bytesOf(body: SmallBody | null | undefined): number {
  return body?.reduce((sum, chunk) => sum + chunk.length, 0) ?? 0;
}

function crcOf(body: SmallBody | null | undefined): number {
  return body?.reduce((crc, chunk) => crc32(chunk, crc), 0) ?? 0;
}

function headCrc(headAndMeta: Buffer): number {
  return crc32(headAndMeta.subarray(headBytes), crc32(headAndMeta.subarray(0, crcOffset)));
}
