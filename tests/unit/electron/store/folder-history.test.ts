import fs from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { describe, expect, it } from 'vitest';
import { openFleetFolder } from '../../../../electron/store/fleet-folder.ts';
import {
  messagesOf,
  sampleRecord,
  saveDenyText,
  temporaryFleet,
  temporaryFolder,
  tester,
  valueOf,
  yamlOf,
} from '../../../support/temporary-fleet.ts';

describe('history', () => {
  it('has one commit for each save, by whom and in the words of the review', async () => {
    const folder = await temporaryFleet();

    const saved = valueOf(await saveDenyText(folder, '192.0.2.1\n', 'Deny list: + 1 entry\n\n+ 192.0.2.1'));

    const [newest] = await git.log({ fs, dir: folder.path, depth: 1 });
    expect(newest?.oid).toBe(saved.commit);
    expect(newest?.commit.message.trim()).toBe('Deny list: + 1 entry\n\n+ 192.0.2.1');
    expect(newest?.commit.author).toMatchObject(tester);
    expect(Math.abs((newest?.commit.author.timestamp ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(await messagesOf(folder)).toHaveLength(2);
    const status = await git.statusMatrix({ fs, dir: folder.path });
    expect(status.filter(([, ...states]) => String(states) !== '1,1,1')).toEqual([]);
  });

  it('makes no commit when nothing changes', async () => {
    const folder = await temporaryFleet();

    valueOf(await folder.save('mx1', sampleRecord(), 'Nothing'));

    expect(await messagesOf(folder)).toEqual(['Add mx1']);
  });

  it('brings back a removed gateway with its lists, hand edits included', async () => {
    const folder = await temporaryFleet();
    valueOf(await saveDenyText(folder, '192.0.2.1 # the scanner\n'));
    const edited = `# by hand\n${await readFile(yamlOf(folder), 'utf8')}`;
    await writeFile(yamlOf(folder), edited);

    const { undo } = valueOf(await folder.remove('mx1'));
    const afterRemoval = [await readdir(join(folder.path, 'gateways')), await readdir(join(folder.path, 'lists'))];
    valueOf(await folder.restore('mx1', undo));

    expect(afterRemoval).toEqual([[], []]);
    expect(await readFile(yamlOf(folder), 'utf8')).toBe(edited);
    expect(valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' })).draft.denyText).toBe(
      '192.0.2.1 # the scanner\n',
    );
    expect(await folder.restore('mx1', undo)).toMatchObject({ ok: false, problem: { code: 'exists' } });
  });

  it('keeps a list that another gateway uses when one is removed', async () => {
    const folder = await temporaryFleet();
    valueOf(await saveDenyText(folder, '192.0.2.1\n'));
    await writeFile(
      yamlOf(folder, 'mx2'),
      'ssh: { host: mx2.example.test }\nsettings: { connections: { control: { denyList: mx1-deny } } }\n',
    );

    valueOf(await folder.remove('mx1'));

    expect(valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx2' })).draft.denyText).toBe('192.0.2.1\n');
  });

  it("stages nothing of the user's own in a repository that was there before", async () => {
    const path = join(await temporaryFolder(), 'infra');
    await mkdir(path);
    await git.init({ fs, dir: path, defaultBranch: 'trunk' });
    await writeFile(join(path, 'notes.txt'), 'committed');
    await git.add({ fs, dir: path, filepath: 'notes.txt' });
    await git.commit({ fs, dir: path, message: 'Start', author: tester });
    await writeFile(join(path, 'notes.txt'), 'staged');
    await git.add({ fs, dir: path, filepath: 'notes.txt' });
    await writeFile(join(path, 'untracked.txt'), 'mine');

    const folder = valueOf(await openFleetFolder(path, tester));
    valueOf(await folder.add('mx1', sampleRecord()));

    const commit = await git.resolveRef({ fs, dir: path, ref: 'trunk' });
    const committed = await git.readBlob({ fs, dir: path, oid: commit, filepath: 'notes.txt' });
    expect(Buffer.from(committed.blob).toString()).toBe('committed');
    expect(await git.status({ fs, dir: path, filepath: 'notes.txt' })).toBe('modified');
    expect(await git.status({ fs, dir: path, filepath: 'untracked.txt' })).toBe('*added');
    expect(await git.status({ fs, dir: path, filepath: 'gateways/mx1.yaml' })).toBe('unmodified');
  });
});
