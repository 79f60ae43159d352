// Start-up: reads all segments in order and rebuilds the index. Later records win; damage is set aside.
import { readdirSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { longestWait } from '../policy/retry-schedule.ts';
import { isOpen, Marks, MessageMeta, Seals } from './stored-message.ts';
import type { Mark } from './stored-message.ts';
import type { IndexedMessage, MessageIndex } from './message-index.ts';
import { recordKinds } from './record-format.ts';
import { scanSegment } from './scan-segment.ts';
import type { BadRegion, ScannedRecord } from './scan-segment.ts';
import { listSegments } from './segment-files.ts';
import type { QueueFolders, Segment } from './segment-files.ts';
import type { DamagedParts } from './set-aside.ts';

/** Where loading puts what it finds. */
export type LoadTarget = { folders: QueueFolders; index: MessageIndex; damaged: DamagedParts; now: number };

/** Fills the index; returns the segments, oldest first, and the highest id ever seen. */
export function loadLog(target: LoadTarget): { segments: Segment[]; highestId: string } {
  const segments = listSegments(target.folders.root);
  const ends = new Map<number, number>();
  for (const segment of segments) readSeals(segment, ends);
  let highestId = '';
  const damagedBefore = target.damaged.count;
  for (const segment of segments) {
    const isLast = segment === segments.at(-1);
    const end = ends.get(segment.number);
    segment.bytes = Math.min(end ?? Infinity, statSync(segment.path).size);
    scanSegment(segment, end === undefined ? { checksAllBodies: isLast } : { end, checksAllBodies: isLast }, {
      record: (record) => {
        const id = applyRecord(target, segment, record);
        if (id > highestId) highestId = id;
      },
      bad: (region) => handleBad(target, { segment, region, isLast }),
    });
  }
  checkLargeBodies(target, { keepsOrphans: target.damaged.count > damagedBefore });
  for (const message of target.index.values()) {
    bringBack(message, target.now);
    target.index.schedule(message);
  }
  return { segments, highestId };
}

/** A clock that was wrong and has been put right since must not keep mail for years. */
function bringBack(message: IndexedMessage, now: number): void {
  if (message.meta.receivedAt > now) message.meta.receivedAt = now;
  if (message.removedAt !== null && message.removedAt > now) message.removedAt = now;
  for (const [index, progress] of message.progress.entries()) {
    if (progress.nextAttemptAt > now + longestWait) message.progress[index] = { ...progress, nextAttemptAt: now };
  }
}

/** A seal stands first in its segment and speaks of older ones, so it must be known before those are read. */
function readSeals(segment: Segment, ends: Map<number, number>): void {
  scanSegment(
    segment,
    { checksAllBodies: false, onlyFirst: true },
    {
      record: (record) => {
        if (record.kind !== recordKinds.seals) return;
        for (const seal of parseMeta(Seals, record) ?? []) ends.set(seal.segment, seal.end);
      },
      bad: () => undefined, // met again when the segment is read
    },
  );
}

/** Returns the id of a message record, or an empty text. */
function applyRecord(target: LoadTarget, segment: Segment, record: ScannedRecord): string {
  if (record.kind === recordKinds.seals) return '';
  if (record.kind === recordKinds.marks) {
    for (const mark of parseMeta(Marks, record) ?? []) applyMark(target.index, mark);
    return '';
  }
  const meta = parseMeta(MessageMeta, record);
  if (!meta) {
    setAside(target, segment, { offset: record.offset, end: record.bodyOffset + record.bodyBytes, kind: 'damaged' });
    return '';
  }
  const headBytes = record.bodyOffset - record.offset;
  segment.live += 1;
  target.index.add(meta, { segment, offset: record.offset, headBytes, bodyBytes: record.bodyBytes });
  return meta.id;
}

function applyMark(index: MessageIndex, mark: Mark): void {
  const message = index.get(mark.id);
  if (!message) return; // its segment is reclaimed, or its record is damaged
  if (mark.finished) return index.forget(mark.id);
  for (const [position, progress] of mark.progress ?? []) {
    if (position < message.progress.length) message.progress[position] = progress;
  }
  if (mark.removedAt !== undefined) message.removedAt = mark.removedAt;
  if (!message.progress.some(isOpen) && message.removedAt === null) index.forget(mark.id);
}

function parseMeta<T>(schema: z.ZodType<T>, record: ScannedRecord): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(record.meta));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

type Bad = { segment: Segment; region: BadRegion; isLast: boolean };

/** Only the last segment can have been cut by a crash: every other one was synced before the next was begun. */
function handleBad(target: LoadTarget, { segment, region, isLast }: Bad): void {
  if (!isLast || region.kind !== 'cut') return setAside(target, segment, { ...region, kind: 'damaged' });
  setAside(target, segment, region);
  truncateSync(segment.path, region.offset);
  segment.bytes = region.offset;
}

function setAside({ damaged }: LoadTarget, { path, number }: Segment, { offset, end, kind }: BadRegion): void {
  damaged.setAside({ path, offset, end, name: `log-${number}-${offset}` }, kind);
}

/**
 * A message without its file cannot be delivered; a file without its message was never acknowledged or is done, unless
 * damage was found just now: then its record may be what was hit, and the body is all that is left.
 */
function checkLargeBodies({ folders, index, damaged }: LoadTarget, { keepsOrphans }: { keepsOrphans: boolean }): void {
  const names = new Set(namesOfFiles(folders.large));
  for (const { meta, place } of index.values()) {
    if (meta.largeCrc === undefined) continue;
    const path = join(folders.large, meta.id);
    const isThere = names.delete(meta.id);
    if (isThere && statSync(path).size === meta.bytes) continue;
    const { segment, offset, headBytes } = place;
    const name = `log-${segment.number}-${offset}`;
    damaged.setAside({ path: segment.path, offset, end: offset + headBytes, name }, 'damaged');
    if (isThere) damaged.moveHere(folders.large, meta.id);
    index.forget(meta.id);
  }
  for (const name of names) {
    if (keepsOrphans) damaged.moveHere(folders.large, name);
    else unlinkSync(join(folders.large, name));
  }
}

/** A folder is not ours (`lost+found` of a file system of its own) and stays. */
function namesOfFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);
}
