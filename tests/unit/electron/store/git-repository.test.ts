import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import git from 'isomorphic-git';
import { describe, expect, it } from 'vitest';
import { openFleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { claimRepository, findRepository } from '../../../../electron/store/git-repository.ts';
import {
  sampleRecord,
  temporaryFleet,
  temporaryFolder,
  tester,
  valueOf,
  yamlOf,
} from '../../../support/temporary-fleet.ts';

const locked = { ok: false, problem: { code: 'folder-locked' } };

describe('the repository of a fleet folder', () => {
  it('is not made before the first save, so that a folder opened by mistake stays clean', async () => {
    const path = await temporaryFolder();
    await writeFile(join(path, 'letter.txt'), 'mine');

    const folder = valueOf(await openFleetFolder(path, tester));
    const before = [valueOf(await folder.list()), await readdir(path)];
    valueOf(await folder.add('mx1', sampleRecord()));

    expect(before).toEqual([[], ['letter.txt']]);
    expect(await readdir(path)).toEqual(['.git', 'gateways', 'letter.txt']);
    expect(await git.listFiles({ fs, dir: path, ref: 'HEAD' })).toEqual(['gateways/mx1.yaml']);
  });

  it('is the one above where that one tracks the folder', async () => {
    const infra = await temporaryFolder();
    await git.init({ fs, dir: infra, defaultBranch: 'main' });
    await mkdir(join(infra, 'mail', 'fleet'), { recursive: true });
    await writeFile(join(infra, 'mail', 'fleet', 'README'), 'ours');
    await git.add({ fs, dir: infra, filepath: 'mail/fleet/README' });
    await git.commit({ fs, dir: infra, message: 'Start', author: tester });

    const folder = valueOf(await openFleetFolder(join(infra, 'mail', 'fleet'), tester));
    valueOf(await folder.add('mx1', sampleRecord()));
    const { undo } = valueOf(await folder.remove('mx1'));
    valueOf(await folder.restore('mx1', undo));

    expect(await readdir(folder.path)).toEqual(['README', 'gateways']);
    expect(await git.listFiles({ fs, dir: infra, ref: 'HEAD' })).toEqual([
      'mail/fleet/README',
      'mail/fleet/gateways/mx1.yaml',
    ]);
    expect(await git.status({ fs, dir: infra, filepath: 'mail/fleet/gateways/mx1.yaml' })).toBe('unmodified');
  });

  it('is not the one above where that one knows nothing of the folder', async () => {
    const home = await temporaryFolder();
    await git.init({ fs, dir: home, defaultBranch: 'main' });
    await writeFile(join(home, '.profile'), '');
    await git.add({ fs, dir: home, filepath: '.profile' });
    await git.commit({ fs, dir: home, message: 'Dotfiles', author: tester });

    const folder = valueOf(await openFleetFolder(join(home, 'fleet'), tester));
    valueOf(await folder.add('mx1', sampleRecord()));

    expect(await git.log({ fs, dir: home })).toHaveLength(1);
    expect(await git.log({ fs, dir: folder.path })).toHaveLength(1);
  });

  it('is whole and clean for the git program itself', async () => {
    const folder = await temporaryFleet();
    const run = async (...args: string[]) => (await promisify(execFile)('git', ['-C', folder.path, ...args])).stdout;

    expect(await run('fsck', '--strict')).toBe('');
    expect(await run('status', '--porcelain')).toBe('');
    expect(await run('log', '-1', '--format=%an <%ae> %s')).toBe('Ada Tester <ada@example.test> Add mx1\n');
  });
});

describe('a save', () => {
  it('waits while a merge is unfinished in the folder', async () => {
    const folder = await temporaryFleet();
    await writeFile(join(folder.path, '.git', 'MERGE_HEAD'), `${'0'.repeat(40)}\n`);

    const saved = await folder.save('mx1', sampleRecord('other.example.test'), 'Move');

    expect(saved).toMatchObject(locked);
    expect(await readFile(yamlOf(folder), 'utf8')).toContain('mx1.example.test');
  });

  it('waits for a git command that holds the index and gives up in words', async () => {
    const folder = await temporaryFleet();
    const indexLock = join(folder.path, '.git', 'index.lock');
    await writeFile(indexLock, 'DIRC');

    const refused = await folder.save('mx1', sampleRecord('other.example.test'), 'Move');
    const saving = folder.save('mx1', sampleRecord('other.example.test'), 'Move');
    setTimeout(() => void rm(indexLock), 200);

    expect(refused).toMatchObject(locked);
    expect(await saving).toMatchObject({ ok: true });
  });

  it('names itself in the index lock from its first moment on: killed while taking it, it keeps nobody out', async () => {
    const folder = await temporaryFleet();
    const repository = await findRepository(folder.path);
    if (repository === null) throw new Error('a fleet has its repository');
    const seen = new Set<string>();
    let isOver = false;
    const look = async () => {
      while (!isOver) {
        const text = await readFile(join(repository.gitFolder, 'index.lock'), 'utf8').catch(() => null);
        if (text !== null) seen.add(text === '' ? 'nobody' : 'a holder');
      }
    };
    const looks = [look(), look(), look()];

    for (let round = 0; round < 200; round += 1) await valueOf(await claimRepository(repository))();
    isOver = true;
    await Promise.all(looks);

    expect([...seen]).toEqual(['a holder']);
  });

  it("is not kept out by the index lock of a Postern that died, and leaves git's way free", async () => {
    const folder = await temporaryFleet();
    await writeFile(join(folder.path, '.git', 'index.lock'), `postern ${2 ** 22 + 1}\n`);

    valueOf(await folder.save('mx1', sampleRecord('other.example.test'), 'Move'));

    expect(await readdir(join(folder.path, '.git'))).not.toContain('index.lock');
  });

  it('refuses a repository that it cannot write', async () => {
    const folder = await temporaryFleet();
    await git.setConfig({ fs, dir: folder.path, path: 'extensions.refstorage', value: 'reftable' });

    const saved = await folder.save('mx1', sampleRecord('other.example.test'), 'Move');

    expect(saved).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
  });
});
