import fs from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { describe, expect, it } from 'vitest';
import { changeIndex } from '../../../../electron/store/git-index.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';

const names = ['b.yaml', 'a/é.yaml', 'a.yaml', `long/${'x'.repeat(200)}.yaml`];

/** A repository that has these files, none of them in the index yet. */
async function repository() {
  const dir = await temporaryFolder();
  await git.init({ fs, dir, defaultBranch: 'main' });
  const blobs = new Map<string, string>();
  for (const name of names) {
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, name), name);
    blobs.set(name, await git.writeBlob({ fs, dir, blob: Buffer.from(name) }));
  }
  return { dir, gitFolder: join(dir, '.git'), blobs };
}

describe('changeIndex', () => {
  it('writes an index that says of every file that it is as added', async () => {
    const { dir, gitFolder, blobs } = await repository();

    expect(await changeIndex({ dir, gitFolder }, blobs)).toBe(true);

    const matrix = await git.statusMatrix({ fs, dir });
    expect(new Set(matrix.map(([name, ...states]) => `${name}: ${states.join()}`))).toEqual(
      new Set(names.map((name) => `${name}: 0,2,2`)),
    );
  });

  it('keeps what others staged, and goes on in an index that another program wrote', async () => {
    const { dir, gitFolder, blobs } = await repository();
    await git.add({ fs, dir, filepath: 'a.yaml' });
    await changeIndex({ dir, gitFolder }, new Map([['b.yaml', blobs.get('b.yaml') ?? '']]));
    await git.remove({ fs, dir, filepath: 'a.yaml' });
    await git.add({ fs, dir, filepath: 'a.yaml' });

    await changeIndex({ dir, gitFolder }, new Map([['b.yaml', null]]));

    expect(await git.listFiles({ fs, dir })).toEqual(['a.yaml']);
  });

  it('says of a file that somebody edited since it was put in place that it is changed', async () => {
    const { dir, gitFolder, blobs } = await repository();
    await writeFile(join(dir, 'b.yaml'), 'B.yaml');

    await changeIndex({ dir, gitFolder }, blobs);

    expect(await git.status({ fs, dir, filepath: 'b.yaml' })).toBe('*added');
    expect(await git.status({ fs, dir, filepath: 'a.yaml' })).toBe('added');
  });

  it('leaves an index alone that it does not understand', async () => {
    const { dir, gitFolder, blobs } = await repository();
    await changeIndex({ dir, gitFolder }, blobs);
    const index = await readFile(join(gitFolder, 'index'));
    index.writeUInt32BE(4, 4); // version 4 shortens paths
    await writeFile(join(gitFolder, 'index'), index);

    expect(await changeIndex({ dir, gitFolder }, blobs)).toBe(false);
    expect(await readFile(join(gitFolder, 'index'))).toEqual(index);
  });
});
