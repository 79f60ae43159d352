// The names under queue/: which segments there are, in which order, and the folders beside them.
import { mkdirSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from './disk.ts';

/** One file of the log. `live` counts messages whose newest record is in it and that are not finished. */
export type Segment = {
  number: number;
  path: string;
  marker: Buffer;
  /** Bytes known to be on the disk. */
  bytes: number;
  live: number;
};

/** The three folders of a queue. */
export type QueueFolders = { root: string; large: string; damaged: string };

/** Ten digits are written; more are read, so that no number that was ever reached hides its segment. */
const segmentName = /^log-(\d{10,15})-([0-9a-f]{16})$/;

/** Creates the folder and what is missing in it; its parent must exist. Throws what the file system throws. */
export function makeFolders(root: string): QueueFolders {
  const folders = { root, large: join(root, 'large'), damaged: join(root, 'damaged') };
  for (const folder of Object.values(folders)) makeFolder(folder);
  return folders;
}

/** Not `recursive`: that never returns where a parent exists but refuses children, as /proc does (Node 24). */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
}

/** The segments on the disk, oldest first. The marker is in the name, where damage to the file cannot reach it. */
export function listSegments(folder: string): Segment[] {
  const segments: Segment[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [, number, marker] = segmentName.exec(entry.name) ?? [];
    if (number === undefined || marker === undefined || !isFile(entry)) continue;
    segments.push(buildSegment(folder, Number(number), Buffer.from(marker, 'hex')));
  }
  return segments.toSorted((left, right) => left.number - right.number);
}

/** A folder of such a name is not ours, and a link that leads nowhere must not keep the rest from starting. */
function isFile(entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Describes a segment; touches no disk. */
export function buildSegment(folder: string, number: number, marker: Buffer): Segment {
  const name = `log-${String(number).padStart(10, '0')}-${marker.toString('hex')}`;
  return { number, path: join(folder, name), marker, bytes: 0, live: 0 };
}
