// Reads that follow no link: what lies in the store is a plain file of bounded size or it is refused.
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';

/** Windows has neither flag; there the store belongs to one user. A FIFO opened without O_NONBLOCK would hang. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The whole file; throws an error with an errno code when it is missing, a link, no plain file or too long. */
export async function readPlainFile(path: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(path, flags);
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw Object.assign(new Error('Not a plain file.'), { code: 'EINVAL' });
    if (facts.size > maxBytes) throw Object.assign(new Error('Longer than allowed.'), { code: 'EFBIG' });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Whether a real folder, not a link to one, lies there. */
export async function isRealFolder(path: string): Promise<boolean> {
  const facts = await lstat(path).catch(ignoreMissing);
  return facts?.isDirectory() ?? false;
}

/** Lets a missing file pass as null and nothing else. */
export function ignoreMissing(error: unknown): null {
  if (errnoOf(error) === 'ENOENT') return null;
  throw error;
}

/** The errno code of a file system error, or null for any other. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
