// Where the one-file agent is kept between builds, and how it comes into dist/ when it belongs to the bundle there.
import { createHash } from 'node:crypto';
import { copyFile, link, readdir, readFile, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inProject } from './project.ts';

/** Of the executable; `.gz` and `.json` lie beside it. */
export const executableName = 'gateway-agent-linux-x64';

/** The folder for this bundle and this Node; it exists when the executable was made. */
export async function executableCache(bundleFile: string): Promise<string> {
  const node = await readFile(inProject('node_modules/node/package.json'), 'utf8');
  const digest = createHash('sha256')
    .update(await readFile(bundleFile))
    .update(node)
    .digest('hex');
  return inProject('node_modules/.cache', `agent-executable-${digest.slice(0, 16)}`);
}

/** Puts a kept executable beside its bundle; false where none was made. */
export async function linkExecutable(bundleFile: string): Promise<boolean> {
  const cache = await executableCache(bundleFile);
  if (!existsSync(cache)) return false;
  for (const name of await readdir(cache)) {
    const target = join(dirname(bundleFile), name);
    await rm(target, { force: true });
    await link(join(cache, name), target).catch(() => copyFile(join(cache, name), target)); // a link on the same disk
  }
  await removeOldest(dirname(cache));
  return true;
}

/** 173 MB each: a bundle of today, one of a branch, one of a test. */
const keptAtMost = 3;

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('agent-executable-'));
  const made = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of made.toSorted((a, b) => b.at - a.at).slice(keptAtMost)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
