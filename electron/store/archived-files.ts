// A folder's files into memory for an archive, and out of an archive into an empty folder: whole or not at all.
import { lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { namesIn, systemCodeOf } from './durable-files.ts';
import { lockFileName } from './folder-lock.ts';
import { reportingDisk } from './folder-writer.ts';
import { mapAtOnce } from './map-at-once.ts';
import type { ArchivedFile } from './tar-archive.ts';

/** Locks and half-written files belong to programs that run here; a link may lead anywhere. */
const leftOut = /^(?:\.postern\.lock(?:\.break)?|index\.lock|\..+\.new)$/;

/** Every ordinary file in a folder and below it, by path; none where there is no such folder. */
export async function readFilesBelow(root: string): Promise<ArchivedFile[]> {
  const paths = await pathsBelow(root, '');
  return mapAtOnce(paths, async (path) => ({ path, content: await readFile(join(root, path)) }));
}

async function pathsBelow(root: string, inside: string): Promise<string[]> {
  const paths: string[] = [];
  for (const name of await namesIn(join(root, inside))) {
    if (leftOut.test(name) || name === lockFileName) continue;
    const path = inside === '' ? name : `${inside}/${name}`;
    const facts = await lstat(join(root, path));
    if (facts.isDirectory()) paths.push(...(await pathsBelow(root, path)));
    else if (facts.isFile()) paths.push(path);
  }
  return paths;
}

/** Refused with `exists` unless the folder is empty or missing; `before` runs once that is known. */
export function placeFilesIn(
  into: string,
  files: readonly ArchivedFile[],
  before: () => Promise<Outcome<void>> = () => Promise.resolve(done(undefined)),
): Promise<Outcome<void>> {
  return reportingDisk(into, async () => {
    if ((await namesIn(into)).length > 0) {
      return failed('exists', `The folder ${into} is not empty.`, 'Choose an empty folder: nothing is overwritten.');
    }
    const prepared = await before();
    return prepared.ok ? done(await placeFolder(into, files)) : prepared;
  });
}

/** Written beside its place and moved there when it is whole. */
async function placeFolder(into: string, files: readonly ArchivedFile[]): Promise<void> {
  const beside = `${into}.importing-${process.pid}`;
  try {
    for (const { path, content } of files) {
      await mkdir(dirname(join(beside, path)), { recursive: true });
      await writeFile(join(beside, path), content, { flush: true });
    }
    await rmdir(into).catch((error: unknown) => {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
    });
    await rename(beside, into);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
