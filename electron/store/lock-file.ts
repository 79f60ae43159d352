// A lock file that names its holder, and a careful way past one whose holder died. What it guards is the caller's.
import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, stat, utimes, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { stagedPath, systemCodeOf } from './durable-files.ts';

const Holder = z.object({ pid: z.int(), host: z.string(), id: z.string() });
type Holder = z.infer<typeof Holder>;

const timing = {
  /** The holder touches its lock this often … */
  refreshMilliseconds: 5_000,
  /** … so that a lock nobody touched for this long is dead, whichever computer it came from. */
  deadMilliseconds: 60_000,
};

export type HeldLock = {
  /** False where somebody took us for dead (a computer that slept) and holds it now. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
};

/** Takes the lock, or gives null where somebody else holds it all the time. The folder must be there. */
export async function holdLockFile(path: string, waitMilliseconds: number): Promise<HeldLock | null> {
  const id = await takeLock(path, Date.now() + waitMilliseconds);
  if (id === null) return null;
  const refresh = setInterval(() => void touch(path), timing.refreshMilliseconds);
  refresh.unref();
  const isOurs = async () => (await readLockHolder(path))?.id === id;
  return {
    isOurs,
    async release() {
      clearInterval(refresh);
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}

/** True while a living process holds it. */
export async function isLockHeld(path: string): Promise<boolean> {
  return (await exists(path)) && !(await isDead(path));
}

async function takeLock(path: string, deadline: number): Promise<string | null> {
  for (;;) {
    const id = await createLock(path);
    if (id !== null) return id;
    if (await isDead(path)) await breakLock(path);
    else if (Date.now() >= deadline) return null;
    else await sleep(15 + Math.random() * 30); // two waiters must not wake in step
  }
}

/** Null: somebody holds it. */
async function createLock(path: string): Promise<string | null> {
  if (await exists(path)) return null;
  const holder: Holder = { pid: process.pid, host: hostname(), id: randomUUID() };
  return (await putLockFile(path, JSON.stringify(holder))) ? holder.id : null;
}

/**
 * Makes the file with its content; false: there is one by now. A link is the one step in which a file system decides between two writers, and brings the
 * content along: a writer that dies on the way leaves no lock that names nobody.
 */
export async function putLockFile(path: string, content: string): Promise<boolean> {
  const staged = stagedPath(path);
  try {
    await writeFile(staged, content, { flag: 'wx' });
    await link(staged, path);
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    // ENOENT: the holder of the lock swept our staged file away.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (!linkless.has(code)) throw error;
    return putInPlace(path, content);
  } finally {
    await rm(staged, { force: true });
  }
}

/** File systems without hard links: FAT, some shares. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Whoever dies between its two steps keeps others out for a minute. */
async function putInPlace(path: string, content: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    const code = systemCodeOf(error);
    // Windows answers EPERM or EBUSY while another process deletes the file of that name.
    if (code === 'EEXIST' || (process.platform === 'win32' && (code === 'EPERM' || code === 'EBUSY'))) return false;
    throw error;
  }
  try {
    await file.writeFile(content);
    return true;
  } catch (error) {
    await rm(path, { force: true }); // on a full disk: an empty lock would keep everybody out
    throw error;
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function isDead(path: string): Promise<boolean> {
  const holder = await readLockHolder(path);
  if (holder !== null && holder.host === hostname() && !isRunning(holder.pid)) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > timing.deadMilliseconds;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Removes a dead lock. Two waiters may both have seen it dead; without the second lock the slower one would delete
 * the fresh lock of the faster one.
 */
async function breakLock(path: string): Promise<void> {
  const guard = `${path}.break`;
  if ((await createLock(guard)) === null) {
    if (await isDead(guard)) await rm(guard, { force: true });
    await sleep(20);
    return;
  }
  try {
    if (await isDead(path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Who holds it; null: nobody, or its writer is between open and write. */
export async function readLockHolder(path: string): Promise<Holder | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null; // missing, or its writer is between open and write: its age decides
  }
}

/** True while a process of this number runs here, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH'; // EPERM: it runs, as somebody else
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined); // a missed touch is made good by the next
}
