// Writes that are on the disk when they return. Atomicity comes from rename(2), durability from fsync of file and folder.
import { chmod, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The group (the daemon) reads, nobody else does; design: rights under the root folder. */
const fileMode = 0o640;
/** Set-group-id, so that what the deploy user makes belongs to the daemon's group. */
const folderMode = 0o2750;

/** Creates a file that must not exist yet, never through a link, and returns when its content is on the disk. */
export async function writeSynced(path: string, content: Buffer | string): Promise<void> {
  const handle = await open(path, 'wx', fileMode);
  try {
    await handle.writeFile(content);
    await handle.chmod(fileMode); // open() obeys the umask, the daemon's group must read whatever it is
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder with the rights of the store; its parent must exist. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path);
  await chmod(path, folderMode);
}

/** Returns when the names in a folder are on the disk; without it a power cut can undo a rename. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts `from` in the place of `to`: readers see the old one or the new one, never half. */
export async function renameSynced(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}
