// Which parts of the event log are kept. Whole files go, the oldest first, so that what remains has no gaps. A day that
// grows large is cut into files, so that no single day can fill the disk on which the queue lies.
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Days that are kept, today included. Postern's own number: a quarter answers most questions about lost mail. */
const keptDays = 90;

/** Bytes that all files may take together. Postern's own number: 1 GiB, small beside the queue's disk. */
const maxBytes = 1024 ** 3;

/** A file of a day is closed beyond this size: a quarter of what is kept. */
const maxFileBytes = maxBytes / 4;

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The parts of a day, `2026-11-24.0001.jsonl`, come before what is being written, `2026-11-24.jsonl`. */
const eventFile = /^\d{4}-\d\d-\d\d(?:\.\d{4})?\.jsonl$/;

/** The files of the event log, oldest first; throws when the folder cannot be read. */
export async function listEventFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => eventFile.test(name)).toSorted();
}

/** Removes what is too old or too much, never what is being written; throws when the folder or a file resists. */
export async function pruneEvents(folder: string, today: string, limitBytes = maxBytes): Promise<void> {
  const oldestKept = new Date(Date.parse(today) - (keptDays - 1) * dayMilliseconds).toISOString().slice(0, 10);
  let bytes = 0;
  let isFull = false;
  for (const name of (await listEventFiles(folder)).toReversed()) {
    const path = join(folder, name);
    const day = name.slice(0, 10);
    bytes += (await stat(path)).size;
    isFull ||= bytes > limitBytes;
    const isOver = day < today || (day === today && name !== `${today}.jsonl`);
    if (isOver && (day < oldestKept || isFull)) await rm(path);
  }
}

/** Closes the file of the day when it has grown large; true when it did. Throws what the file system throws. */
export async function closeLargeFile(folder: string, day: string): Promise<boolean> {
  const path = join(folder, `${day}.jsonl`);
  if ((await stat(path)).size <= maxFileBytes) return false;
  const parts = (await listEventFiles(folder)).filter((name) => name.startsWith(`${day}.`) && name !== `${day}.jsonl`);
  const newest = Number(parts.at(-1)?.split('.')[1] ?? 0);
  await rename(path, join(folder, `${day}.${String(newest + 1).padStart(4, '0')}.jsonl`));
  return true;
}
