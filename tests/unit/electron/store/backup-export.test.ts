import { readdir, readFile, stat } from 'node:fs/promises';
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
  it('refuses a path that leads out of the archive, and a damaged one', () => {
    const content = Buffer.from('x');

    expect(unpackTar(packTar([{ path: '../x', content }], new Date())).ok).toBe(false);
    expect(unpackTar(packTar([{ path: '/x', content }], new Date())).ok).toBe(false);
    expect(unpackTar(packTar([{ path: 'x', content }], new Date()).fill(1, 0, 20)).ok).toBe(false);
  });
});
