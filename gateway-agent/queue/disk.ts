// File system calls on plain descriptors: fs/promises handles cost more CPU and complain when collected.
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { failed } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';

/** queue/ belongs to the daemon alone (design: rights under the root folder). */
const fileMode = 0o600;

export const close = promisify(fs.close);
export const truncate = promisify(fs.ftruncate);
export const unlink = promisify(fs.unlink);
export const syncData = promisify(fs.fdatasync);
const open = promisify(fs.open);
const read = promisify(fs.read);
const syncAll = promisify(fs.fsync);
const writev = promisify(fs.writev);

/** Creates a file that must not exist yet; its name is on the disk when the descriptor is returned. */
export async function createSynced(folder: string, path: string): Promise<number> {
  const descriptor = await open(path, 'wx', fileMode);
  try {
    await syncFolder(folder);
    return descriptor;
  } catch (error) {
    await close(descriptor);
    throw error;
  }
}

/** Removes a file if it is there, and returns when the removal is on the disk. */
export async function removeSynced(folder: string, path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  });
  await syncFolder(folder);
}

/** Opens for reading. */
export function openToRead(path: string): Promise<number> {
  return open(path, 'r');
}

/** Returns when the names in a folder are on the disk; without it a power cut can undo a creation or a removal. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const descriptor = await open(path, 'r');
  try {
    await syncAll(descriptor);
  } finally {
    await close(descriptor);
  }
}

/** Writes all the bytes or throws: a short write is how a full disk may show first. */
export async function writeAll(descriptor: number, chunks: Buffer[], position: number): Promise<void> {
  const wanted = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const { bytesWritten } = await writev(descriptor, chunks, position);
  if (bytesWritten === wanted) return;
  throw Object.assign(new Error(`only ${bytesWritten} of ${wanted} bytes were written`), { code: 'ENOSPC' });
}

/** Reads exactly that many bytes, or fewer where the file ends. */
export async function readAt(descriptor: number, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await read(descriptor, bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** The code of a system error, or an empty text. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const reasons: Record<string, string> = {
  ENOSPC: 'no space or no inode is left',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an I/O error',
  EROFS: 'the file system is read-only',
  EACCES: 'the agent may not write there',
  EMFILE: 'too many files are open',
};

/** A failure of the file system in words an operator can act on; without paths. */
export function storageFailure(error: unknown): Extract<Outcome<never>, { ok: false }> {
  const code = errorCodeOf(error);
  return failed(
    'storage-failed',
    `The mail queue cannot be used: ${reasons[code] ?? (code || 'unexpected error')}.`,
    'Free space on the file system of the queue or repair it; mail is accepted again by itself.',
  );
}
