import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findRepository } from '../../../../electron/store/git-repository.ts';
import { openGitObjects } from '../../../../electron/store/history-objects.ts';
import { openPacks } from '../../../../electron/store/history-packs.ts';
import { namesIn } from '../../../../electron/store/durable-files.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';

async function git(cwd: string, ...args: string[]): Promise<Buffer> {
  const who = ['-c', 'user.name=Hand', '-c', 'user.email=hand@example.test'];
  const options = { cwd, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
  return (await promisify(execFile)('git', [...who, ...args], options)).stdout;
}

/** Eight versions of a list that deltas pay for, and a tag. */
async function repositoryWithVersions(): Promise<string> {
  const dir = await temporaryFolder();
  await git(dir, 'init', '-q', '-b', 'main');
  const lines = Array.from({ length: 4000 }, (_, line) => `192.0.${line >> 8}.${line & 255} # entry ${line * 7919}\n`);
  for (let version = 0; version < 8; version++) {
    lines[version * 300] = `198.51.100.${version}\n`;
    await writeFile(join(dir, 'list.txt'), lines.join(''));
    await git(dir, 'add', '.');
    await git(dir, 'commit', '-qm', `Version ${version}`);
  }
  await git(dir, 'tag', '-am', 'A tag', 'v1');
  return dir;
}

/** Every object's content by its name, as git itself reads it. */
async function everyObject(dir: string): Promise<Map<string, Buffer>> {
  const listed = await git(dir, 'cat-file', '--batch-all-objects', '--batch');
  const objects = new Map<string, Buffer>();
  for (let at = 0; at < listed.length;) {
    const end = listed.indexOf('\n', at);
    const [oid = '', , size = '0'] = listed.toString('utf8', at, end).split(' ');
    objects.set(oid, listed.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
  return objects;
}

/** The objects that the reader gives differently from git, or not at all. */
async function differing(dir: string, read: (oid: string) => Promise<Buffer | null> | Buffer | null) {
  const every = await everyObject(dir);
  if (every.size < 20) throw new Error('The repository has too few objects to prove anything.');
  const wrong: string[] = [];
  for (const [oid, content] of every) if ((await read(oid))?.equals(content) !== true) wrong.push(oid);
  return wrong;
}

const packedBy: [string, string[][]][] = [
  ['git gc, with offset deltas', [['gc', '-q', '--aggressive']]],
  ['a repack with named deltas', [['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-qadf']]],
  [
    'an index with 64-bit offsets',
    [
      ['-c', 'pack.indexVersion=2', 'repack', '-qadf'],
      ['-c', 'core.x=1', 'index-pack', '--index-version=2,0x40', 'PACK'],
    ],
  ],
  [
    'several packs under one index',
    [
      ['repack', '-qd'],
      ['multi-pack-index', 'write'],
    ],
  ],
];

describe('packs', () => {
  it.each(packedBy)('made by %s are read as git reads them', async (_how, commands) => {
    const dir = await repositoryWithVersions();
    const folder = join(dir, '.git/objects/pack');
    for (const command of commands) {
      const pack = (await namesIn(folder)).find((name) => name.endsWith('.pack')) ?? '';
      if (command.includes('PACK')) await git(dir, 'prune-packed');
      await git(dir, ...command.map((part) => (part === 'PACK' ? join(folder, pack) : part)));
    }
    await git(dir, 'prune-packed');

    const packs = openPacks(join(dir, '.git'));

    expect(await differing(dir, (oid) => packs.read(oid))).toEqual([]);
  });

  it('of which a part was overwritten give null or the truth, never something else', async () => {
    const dir = await repositoryWithVersions();
    await git(dir, 'gc', '-q');
    const every = await everyObject(dir);
    const folder = join(dir, '.git/objects/pack');
    const path = join(folder, (await namesIn(folder)).find((name) => name.endsWith('.pack')) ?? '');
    const damaged = await readFile(path);
    for (let at = 200; at < damaged.length - 20; at += 997) damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
    await chmod(path, 0o644);
    await writeFile(path, damaged);

    const packs = openPacks(join(dir, '.git'));
    const read = [...every].map(([oid, truth]) => ({ truth, content: packs.read(oid) }));

    expect(read.filter(({ truth, content }) => content !== null && !content.equals(truth))).toEqual([]);
    expect(read.some(({ content }) => content === null)).toBe(true);
  });
});

describe('objects of a repository', () => {
  it('are read in a clone, and those that came loose since', async () => {
    const dir = await repositoryWithVersions();
    const clone = join(await temporaryFolder(), 'clone');
    await git(dir, 'clone', '-q', '--no-local', dir, clone);
    await writeFile(join(clone, 'new.txt'), 'new\n');
    await git(clone, 'add', '.');
    await git(clone, 'commit', '-qm', 'New');
    const repository = await findRepository(clone);
    if (repository === null) throw new Error('no repository');

    const objects = openGitObjects(repository);

    expect(await differing(clone, (oid) => objects.blob(oid))).toEqual([]);
    expect(await objects.blob('0'.repeat(40))).toBeNull();
  });

  it('go on to be found when git packs them meanwhile', async () => {
    const dir = await repositoryWithVersions();
    const repository = await findRepository(dir);
    if (repository === null) throw new Error('no repository');
    const objects = openGitObjects(repository);
    const [newest] = (await git(dir, 'rev-parse', 'HEAD', 'HEAD~1')).toString().split('\n');
    await objects.blob(newest ?? '');

    await git(dir, 'gc', '-q');

    expect(await differing(dir, (oid) => objects.blob(oid))).toEqual([]);
  });
});
