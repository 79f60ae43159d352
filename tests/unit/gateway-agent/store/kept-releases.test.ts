import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../gateway-agent/certificates/hash.ts';
import { writeCurrent } from '../../../../gateway-agent/store/current.ts';
import { findHeldFile, heldFiles, listReleases, pruneReleases } from '../../../../gateway-agent/store/kept-releases.ts';
import { storeRelease } from '../../../../gateway-agent/store/release-store.ts';
import { buildTestRelease } from '../../../support/test-release.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-kept-'));
  await mkdir(join(root, 'releases'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Stores one and gives it a time of its own, later ones newer. */
async function store(port: number, deny?: string): Promise<string> {
  const release = buildTestRelease(deny === undefined ? { port } : { port, deny });
  await storeRelease(root, release, `author-${port}`);
  const pushed = { author: `author-${port}`, storedAt: new Date(Date.UTC(2026, 0, 1) + port * 1000).toISOString() };
  await writeFile(join(root, 'releases', release.revision, 'pushed.json'), JSON.stringify(pushed));
  return release.revision;
}

describe('listReleases', () => {
  it('lists the newest first, with who brought it', async () => {
    const older = await store(1001);
    const newer = await store(1002);

    const listed = await listReleases(root);

    expect(listed.map(({ revision }) => revision)).toEqual([newer, older]);
    expect(listed[0]?.author).toBe('author-1002');
  });

  it('passes over whatever is no release', async () => {
    await mkdir(join(root, 'releases', '.incoming-x'));
    await writeFile(join(root, 'releases', 'a'.repeat(64)), 'a file');

    expect(await listReleases(root)).toEqual([]);
  });

  it('is empty where the folder is missing', async () => {
    expect(await listReleases(join(root, 'nowhere'))).toEqual([]);
  });
});

describe('heldFiles and findHeldFile', () => {
  it('know a file by its hash, whichever release holds it', async () => {
    await store(1001, '192.0.2.1\n');
    await store(1002, '192.0.2.2\n');

    expect(await heldFiles(root)).toEqual([sha256Of('192.0.2.1\n'), sha256Of('192.0.2.2\n')].toSorted());
    expect((await findHeldFile(root, sha256Of('192.0.2.1\n')))?.content.toString()).toBe('192.0.2.1\n');
  });

  it('give no file whose content changed', async () => {
    const revision = await store(1001, '192.0.2.1\n');
    await writeFile(join(root, 'releases', revision, 'lists/deny.txt'), '192.0.2.9\n');

    expect(await findHeldFile(root, sha256Of('192.0.2.1\n'))).toBeNull();
  });
});

describe('pruneReleases', () => {
  it('keeps the newest 20, and the confirmed one however old it is', async () => {
    const revisions: string[] = [];
    for (let port = 1001; port <= 1025; port += 1) revisions.push(await store(port));
    await writeCurrent(root, revisions[0] ?? '');

    await pruneReleases(root, []);

    const kept = (await listReleases(root)).map(({ revision }) => revision);
    expect(kept).toHaveLength(20);
    expect(kept).toContain(revisions[0]);
    expect(kept).not.toContain(revisions[1]);
    expect(kept[0]).toBe(revisions.at(-1));
  });

  it('removes what a crash left behind an hour ago, and nothing younger', async () => {
    const [old, young] = [join(root, 'releases', '.incoming-old'), join(root, 'releases', '.incoming-young')];
    await mkdir(old);
    await mkdir(young);
    await utimes(old, new Date(0), new Date(0));

    await pruneReleases(root, []);

    expect(await readdir(join(root, 'releases'))).toEqual(['.incoming-young']);
  });

  it('keeps the three newest damaged releases', async () => {
    for (const time of [1, 2, 3, 4]) await mkdir(join(root, 'releases', `.damaged-x-${time}`));

    await pruneReleases(root, []);

    expect((await readdir(join(root, 'releases'))).toSorted()).toEqual([
      '.damaged-x-2',
      '.damaged-x-3',
      '.damaged-x-4',
    ]);
  });
});
