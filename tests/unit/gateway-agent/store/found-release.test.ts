import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../gateway-agent/certificates/hash.ts';
import { findAlterations, findRelease } from '../../../../gateway-agent/store/found-release.ts';
import { storeRelease } from '../../../../gateway-agent/store/release-store.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';
import { buildTestRelease } from '../../../support/test-release.ts';

const release = buildTestRelease({ deny: '192.0.2.0/24\n' });
let root: string;
const pathOf = (name: string): string => join(root, 'releases', release.revision, name);

beforeEach(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, 'releases'));
  await storeRelease(root, release, 'anna');
});

describe('findRelease', () => {
  it('finds a release that nobody touched as it was pushed', async () => {
    const found = await findRelease(root, release.revision);

    expect(found).toMatchObject({ config: release.config, altered: [], pushed: { author: 'anna' } });
  });

  it('tells a list that was edited by hand, and names the content that lies there', async () => {
    await appendFile(pathOf('lists/deny.txt'), '198.51.100.7\n');

    const found = await findRelease(root, release.revision);

    expect(found?.altered).toEqual(['lists/deny.txt was changed on the gateway after the push.']);
    expect(found?.config?.connections.control.denyList?.sha256).toBe(sha256Of('192.0.2.0/24\n198.51.100.7\n'));
  });

  it('gives a configuration that was edited by hand as it stands there', async () => {
    const text = await readFile(pathOf('config.json'), 'utf8');
    await writeFile(pathOf('config.json'), text.replace('2525', '2626'));

    const found = await findRelease(root, release.revision);

    expect(found?.altered).toEqual(['config.json was changed on the gateway after the push.']);
    expect(found?.config?.connections.interface.port).toBe(2626);
  });

  it('says that a file is gone, and names it no more', async () => {
    await rm(pathOf('lists/deny.txt'));

    const found = await findRelease(root, release.revision);

    expect(found?.altered).toEqual(['lists/deny.txt is missing or no plain file any more.']);
    expect(found?.config?.connections.control.denyList).toBeNull();
  });

  it('takes another spelling of the same configuration for no change', async () => {
    const document: unknown = JSON.parse(await readFile(pathOf('config.json'), 'utf8'));
    await writeFile(pathOf('config.json'), JSON.stringify(document, null, 2));

    expect((await findRelease(root, release.revision))?.altered).toEqual([]);
  });

  it('gives nothing of a release that is not kept', async () => {
    expect(await findRelease(root, 'f'.repeat(64))).toBeNull();
  });
});

describe('findAlterations', () => {
  it('says nothing while all is as it was pushed', async () => {
    expect(await findAlterations(root, release.revision)).toEqual([]);
  });

  it('finds a large list that was written to, and a broken configuration', async () => {
    const large = buildTestRelease({ port: 2527, deny: '192.0.2.1\n'.repeat(120_000) });
    await storeRelease(root, large, 'anna');
    await writeFile(join(root, 'releases', large.revision, 'config.json'), '{');
    await appendFile(pathOf('lists/deny.txt'), '198.51.100.7\n');

    expect(await findAlterations(root, release.revision)).toHaveLength(1);
    expect(await findAlterations(root, large.revision)).toEqual([
      'config.json was changed on the gateway, and is no configuration any more.',
    ]);
  });

  it('says that the folder of the confirmed release is gone', async () => {
    expect(await findAlterations(root, 'f'.repeat(64))).toEqual(['The folder of the confirmed release is gone.']);
  });
});
