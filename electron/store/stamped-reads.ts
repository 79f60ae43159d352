// What was made of a file, kept while the file stays the same: a fleet of a thousand files then costs a look at each,
// not a read and a parse.
import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { Outcome } from '#contract/outcome';
import { createRecentValues } from './recent-values.ts';

/** Reads through `make` when the file is new or was touched. Failures are never kept. */
export type StampedReads<T> = (path: string, make: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

/**
 * A file that was touched within this time may be touched again without a new time stamp: file systems count in steps
 * of up to 10 ms, FAT in 2 s. Such a file is read each time.
 */
const settledMilliseconds = 2_500;

/** `room` is what `sizeOf` adds up to before the least recently used is forgotten. */
export function createStampedReads<T>(room: number, sizeOf: (value: T) => number): StampedReads<T> {
  const kept = createRecentValues<{ stamp: string; value: T }>(room);
  return async (path, make) => {
    const stamp = await stampOf(path);
    const known = stamp === null ? undefined : kept.get(path);
    if (known !== undefined && known.stamp === stamp) return { ok: true, value: known.value };
    const made = await make();
    if (made.ok && stamp !== null) kept.set(path, { stamp, value: made.value }, sizeOf(made.value));
    return made;
  };
}

/** False for what was touched so lately that it may be touched again unseen. */
export function isSettled({ ctimeNs, mtimeNs }: Pick<BigIntStats, 'ctimeNs' | 'mtimeNs'>): boolean {
  const touched = ctimeNs > mtimeNs ? ctimeNs : mtimeNs;
  return Date.now() - Number(touched / 1_000_000n) >= settledMilliseconds;
}

/** Changes with every write and every rename onto the path; null while that cannot be told. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const facts = await lstat(path, { bigint: true });
    if (!isSettled(facts)) return null;
    return `${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`;
  } catch {
    return null; // the reader says what is wrong
  }
}
