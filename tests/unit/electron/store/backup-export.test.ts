import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportFleet, importFleet } from '../../../../electron/store/backup-export.ts';
import { packTar, unpackTar } from '../../../../electron/store/tar-archive.ts';
import { failed, type Outcome } from '../../../../gateway-agent/contract/outcome.ts';
import { messagesOf, temporaryFleet, temporaryFolder, valueOf, yamlOf } from '../../../support/temporary-fleet.ts';
import { openFleetFolder } from '../../../../electron/store/fleet-folder.ts';

const passphrase = 'correct horse battery';
const noKeys = {
  hasPrivateKey: () => Promise.resolve(false),
  loadPrivateKey: (): Promise<Outcome<string>> => Promise.resolve(failed('not-found', 'None.')),
};
const storeNone = { storePrivateKey: () => Promise.resolve(failed('internal', 'No key was exported.')) };

describe('exportFleet and importFleet', () => {
  it('bring the folder with its history elsewhere, in a file that tells nothing without the passphrase', async () => {
    const folder = await temporaryFleet();
    const into = join(await temporaryFolder(), 'there');

    const exported = valueOf(
      await exportFleet({ fleetFolder: folder.path, vault: noKeys, passphrase, withPrivateKeys: true }),
    );
    const imported = valueOf(await importFleet({ content: exported.content, passphrase, into, vault: storeNone }));

    expect(exported.content.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
    expect(exported.content.includes('mx1')).toBe(false);
    expect(imported).toEqual({ gateways: 1, privateKeys: 0 });
    const there = valueOf(await openFleetFolder(into, folder.who));
    expect(await readFile(yamlOf(there), 'utf8')).toBe(await readFile(yamlOf(folder), 'utf8'));
    expect(await messagesOf(there)).toEqual(await messagesOf(folder));
    expect(await readdir(into)).not.toContain('.postern.lock');
  });

  it('refuse a wrong passphrase and a folder that is not empty, and leave nothing behind', async () => {
    const folder = await temporaryFleet();
    const base = await temporaryFolder();
    const { content } = valueOf(
      await exportFleet({ fleetFolder: folder.path, vault: noKeys, passphrase, withPrivateKeys: false }),
    );

    const wrong = { content, passphrase: 'another passphrase', into: join(base, 'x'), vault: storeNone };
    expect(await importFleet(wrong)).toMatchObject({ problem: { code: 'bad-request' } });
    await expect(stat(join(base, 'x'))).rejects.toThrow('ENOENT');
    expect(await importFleet({ content, passphrase, into: folder.path, vault: storeNone })).toMatchObject({
      problem: { code: 'exists' },
    });
  });
});

describe('unpackTar', () => {
  it('gives back what was packed, paths of any length as well; so does the system', async () => {
    const files = ['a', `fleet/gateways/${'long.name.'.repeat(9)}example.test.yaml`, `${'deep/'.repeat(60)}leaf`].map(
      (path, index) => ({ path, content: Buffer.from('x'.repeat(index * 513)) }),
    );
    const folder = await temporaryFolder();

    const archive = packTar(files, new Date());
    await writeFile(join(folder, 'all.tar'), archive);
    const ran = spawnSync('tar', ['-xf', 'all.tar'], { cwd: folder, encoding: 'utf8' });

    expect(valueOf(unpackTar(archive))).toEqual(files);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    for (const { path, content } of files) expect((await readFile(join(folder, path))).equals(content)).toBe(true);
  });

  it('refuses a path that leads out of the archive, and a damaged one', () => {
    const content = Buffer.from('x');

    expect(unpackTar(packTar([{ path: '../x', content }], new Date())).ok).toBe(false);
    expect(unpackTar(packTar([{ path: '/x', content }], new Date())).ok).toBe(false);
    expect(unpackTar(packTar([{ path: 'x', content }], new Date()).fill(1, 0, 20)).ok).toBe(false);
  });
});
