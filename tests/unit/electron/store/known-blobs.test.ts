import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { loadKnownBlobs } from '../../../../electron/store/known-blobs.ts';
import { sourceNow } from '../../../../electron/store/history-source.ts';
import { temporaryFleet, temporaryFolder, yamlOf } from '../../../support/temporary-fleet.ts';

const path = 'gateways/mx1.yaml';
let folder: FleetFolder;

const known = async () => (await loadKnownBlobs(folder.path))(path);
const indexPath = () => join(folder.path, '.git/index');

/** Ten seconds later: what was just written counts as settled. */
function later(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 });
}

beforeEach(async () => {
  folder = await temporaryFleet();
  // The index must not be of the tick of the clock in which the file was written.
  await utimes(indexPath(), new Date(), new Date(Date.now() + 1000));
  return () => vi.useRealTimers();
});

describe('loadKnownBlobs', () => {
  it('tells what the index says of a file that was not touched since, without reading it', async () => {
    const index = await readFile(indexPath());
    const entry = index.indexOf(path) - 22;
    index.fill(0xab, entry, entry + 20); // another blob: only the index can have told it
    await writeFile(indexPath(), index);
    await utimes(indexPath(), new Date(), new Date(Date.now() + 1000));
    later();

    expect(await known()).toBe('ab'.repeat(20));
    expect((await sourceNow(folder.path).identities()).get(path)).toBe('ab'.repeat(20));
  });

  it('tells nothing of a file that was edited, to the same length and with its old time', async () => {
    later();
    const before = await known();
    const text = await readFile(yamlOf(folder), 'utf8');
    await writeFile(yamlOf(folder), text.replace('example', 'elpmaxe'));
    await utimes(yamlOf(folder), new Date(0), new Date(0));

    expect(before).toMatch(/^[0-9a-f]{40}$/);
    expect(await known()).toBeNull();
  });

  it('tells nothing of a file that was written a moment ago, or together with the index', async () => {
    const justNow = await known();
    later();
    await utimes(indexPath(), new Date(0), new Date(0));

    expect([justNow, await known()]).toEqual([null, null]);
  });

  it('tells nothing in a folder without a history', async () => {
    expect((await loadKnownBlobs(await temporaryFolder()))('fleet.yaml')).toBeNull();
  });
});
