// Reads a whole folder, for tests that look for what must not lie in it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

/** Every file below a folder with its content; git's objects are inflated, as a reader would. */
export async function everythingIn(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const raw = await readFile(path);
    const isObject = /\.git[/\\]objects[/\\][0-9a-f]{2}[/\\]/.test(path);
    found.set(path.slice(folder.length + 1), (isObject ? inflateSync(raw) : raw).toString('latin1'));
  }
  return found;
}
