// One writer at a time in a folder that several programs share.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, type Outcome } from '#contract/outcome';
import { holdLockFile, readLockHolder } from './lock-file.ts';

export const lockFileName = '.postern.lock';

/** A save takes well under a second; ten of them in a row still get their turn. */
const patience = 10_000;

/** Runs `work` as the folder's only writer. Waits for another one up to `waitMilliseconds`, then `folder-locked`. */
export async function withFolderLock<T>(
  folder: string,
  work: () => Promise<Outcome<T>>,
  waitMilliseconds = patience,
): Promise<Outcome<T>> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, lockFileName);
  const lock = await holdLockFile(path, waitMilliseconds);
  if (lock === null) {
    return failed(
      'folder-locked',
      `Another Postern writes the folder ${folder} just now${await describeHolder(path)}.`,
      'Try again in a moment.',
    );
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** ' (process 4711 on a-computer)', for the middle of a sentence; empty where nobody knows. */
export async function describeHolder(path: string): Promise<string> {
  const holder = await readLockHolder(path);
  return holder === null ? '' : ` (process ${holder.pid} on ${holder.host})`;
}
