// Which days of the event log are kept. Whole files go, the oldest first, so that what remains has no gaps.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Days that are kept, today included. Postern's own number: a quarter answers most questions about lost mail. */
const keptDays = 90;

/** Bytes that all days may take together. Postern's own number: 1 GiB, small beside the queue's disk. */
const maxBytes = 1024 ** 3;

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** Removes the days that are too old or too much, never today's; throws when the folder or a file resists. */
export async function pruneEvents(folder: string, today: string, limitBytes = maxBytes): Promise<void> {
  const oldestKept = new Date(Date.parse(today) - (keptDays - 1) * dayMilliseconds).toISOString().slice(0, 10);
  const names = (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name));
  let bytes = 0;
  let isFull = false;
  for (const name of names.toSorted().toReversed()) {
    const path = join(folder, name);
    const day = name.slice(0, 10);
    bytes += (await stat(path)).size;
    isFull ||= bytes > limitBytes;
    if (day < today && (day < oldestKept || isFull)) await rm(path);
  }
}
