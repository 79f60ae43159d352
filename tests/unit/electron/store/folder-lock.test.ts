import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { done } from '#contract/outcome';
import { lockFileName, withFolderLock } from '../../../../electron/store/folder-lock.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';

const impatient = 200;

async function putLock(folder: string, holder: { pid: number; host: string; id: string }): Promise<string> {
  const path = join(folder, lockFileName);
  await writeFile(path, JSON.stringify(holder));
  return path;
}

describe('withFolderLock', () => {
  it('refuses while a living process holds the lock, and names it', async () => {
    const folder = await temporaryFolder();
    const path = await putLock(folder, { pid: process.pid, host: hostname(), id: 'other' });
    const before = await readFile(path, 'utf8');

    const outcome = await withFolderLock(folder, () => Promise.resolve(done('written')), impatient);

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'folder-locked' } });
    expect(outcome).toMatchObject({ problem: { message: expect.stringContaining(String(process.pid)) } });
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('takes over from a process that died', async () => {
    const folder = await temporaryFolder();
    await putLock(folder, { pid: 2 ** 22 + 1, host: hostname(), id: 'dead' }); // above the highest pid of Linux

    const outcome = await withFolderLock(folder, () => Promise.resolve(done('written')), impatient);

    expect(outcome).toEqual(done('written'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from another computer only when nobody touched the lock for a minute', async () => {
    const folder = await temporaryFolder();
    const path = await putLock(folder, { pid: 1, host: 'another-computer.test', id: 'far' });
    const fresh = await withFolderLock(folder, () => Promise.resolve(done('written')), impatient);
    const before = new Date(Date.now() - 61_000);
    await utimes(path, before, before);

    const old = await withFolderLock(folder, () => Promise.resolve(done('written')), impatient);

    expect(fresh).toMatchObject({ ok: false, problem: { code: 'folder-locked' } });
    expect(old).toEqual(done('written'));
  });

  it('lets one in at a time when many find a dead lock', async () => {
    const folder = await temporaryFolder();
    await putLock(folder, { pid: 2 ** 22 + 1, host: hostname(), id: 'dead' });
    let inside = 0;
    let most = 0;

    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () =>
        withFolderLock(folder, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
          return done('written');
        }),
      ),
    );

    expect(most).toBe(1);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
  });

  it('names its holder from its first moment on, so that a writer killed while taking it keeps nobody out', async () => {
    const folder = await temporaryFolder();
    const seen = new Set<string>();
    let isOver = false;
    const look = async () => {
      while (!isOver) {
        const text = await readFile(join(folder, lockFileName), 'utf8').catch(() => null);
        if (text !== null) seen.add(text === '' ? 'nobody' : 'a holder');
      }
    };
    const looks = [look(), look(), look()];

    for (let round = 0; round < 300; round += 1) await withFolderLock(folder, () => Promise.resolve(done(round)));
    isOver = true;
    await Promise.all(looks);

    expect([...seen]).toEqual(['a holder']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is free again after work that throws', async () => {
    const folder = await temporaryFolder();

    await expect(withFolderLock(folder, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');

    expect(await readdir(folder)).toEqual([]);
  });
});
