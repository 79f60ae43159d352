import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFolderHistory } from '../../../../electron/store/folder-history.ts';
import { createFolderWriter } from '../../../../electron/store/folder-writer.ts';
import { findOrMakeRepository } from '../../../../electron/store/git-repository.ts';
import { openGitObjects } from '../../../../electron/store/history-objects.ts';
import { lookAtBoth, type JoinPlace } from '../../../../electron/store/remote-join.ts';
import { formatRecord } from '../../../../electron/store/record-text.ts';
import { edit, git, makeBare, openCopy, synced, type Copy } from '../../../support/shared-fleets.ts';
import { sampleRecord, temporaryFolder, tester, valueOf } from '../../../support/temporary-fleet.ts';

let ada: Copy;
let bert: Copy;
let theirs: string;

/** Both have fifty gateways; Ada changed three and sent them, Bert one of these and one of his own. */
beforeEach(async () => {
  const root = await temporaryFolder();
  const bare = await makeBare(join(root, 'fleet.git'));
  [ada, bert] = [await openCopy(root, 'ada'), await openCopy(root, 'bert')];
  await mkdir(join(ada.folder.path, 'gateways'), { recursive: true });
  for (let index = 0; index < 50; index++) {
    const text = formatRecord(sampleRecord(`gw${index}.example.test`), null);
    await writeFile(join(ada.folder.path, `gateways/gw${index}.yaml`), text);
  }
  await edit(ada, 'gw1', { port: 26 });
  for (const { remote } of [ada, bert]) valueOf(await remote.set({ url: bare, token: null }));
  await synced(ada);
  await synced(bert);
  for (const name of ['gw1', 'gw2', 'gw3']) await edit(ada, name, { port: 2525 });
  for (const name of ['gw3', 'gw4']) await edit(bert, name, { maxConnections: 7 });
  await synced(ada);
  await git(bert.folder.path, 'fetch', '-q', 'origin');
  theirs = await bert.git('rev-parse', 'origin/main');
});

/** Bert's folder, and what is read of git's blobs. */
async function placeOfBert(): Promise<JoinPlace & { read: string[] }> {
  const folder = bert.folder.path;
  const objects = openGitObjects(await findOrMakeRepository(folder));
  const read: string[] = [];
  const blob = (oid: string) => {
    read.push(oid);
    return objects.blob(oid);
  };
  const writer = createFolderWriter(folder, createFolderHistory(folder, tester));
  const watch = { signal: new AbortController().signal, onWords: () => undefined };
  return { folder, writer, watch, objects: { ...objects, blob }, read };
}

describe('lookAtBoth', () => {
  it('reads one side of what only they changed, three of what both changed, and nothing of the rest', async () => {
    const place = await placeOfBert();

    const look = valueOf(await lookAtBoth(place, theirs, {}));

    expect(look.changes.map(({ path }) => path)).toEqual([1, 2, 3].map((index) => `gateways/gw${index}.yaml`));
    expect(place.read).toHaveLength(2 + 3);
    // What is as it came from there needs no second place in git.
    const blobs = look.changes.map(({ blob }) => blob);
    expect(blobs).toEqual([
      await bert.git('rev-parse', 'origin/main:gateways/gw1.yaml'),
      await bert.git('rev-parse', 'origin/main:gateways/gw2.yaml'),
      undefined,
    ]);
  });
});
