import { execFile } from 'node:child_process';
import { readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openDayBackups } from '../../../../electron/store/day-backups.ts';
import { openFleetBackups, type FleetBackups } from '../../../../electron/store/fleet-backups.ts';
import { openFleetFolder, type FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { openFleetHistory } from '../../../../electron/store/history-service.ts';
import {
  messagesOf,
  sampleRecord,
  saveDenyText,
  temporaryFolder,
  tester,
  valueOf,
  yamlOf,
} from '../../../support/temporary-fleet.ts';

const day = '2026-11-24';

type Place = { folder: FleetFolder; backups: FleetBackups; appFolder: string };

/** mx1 and mx2 with a deny list for mx1, backed up; then mx2 is removed, mx3 added, and mx1's list another. */
async function fleetThatChanged(beforeWrite?: () => Promise<void>): Promise<Place> {
  const base = await temporaryFolder();
  const options = {
    fleetFolder: join(base, 'fleet'),
    appFolder: join(base, 'app'),
    now: () => new Date(`${day}T12:00`),
  };
  const folder = valueOf(await openFleetFolder(options.fleetFolder, tester));
  valueOf(await folder.add('mx1', sampleRecord()));
  valueOf(await folder.add('mx2', sampleRecord('mx2.example.test')));
  valueOf(await saveDenyText(folder, '192.0.2.1\n'));
  valueOf(await openDayBackups(options).makeOfToday());
  valueOf(await folder.remove('mx2'));
  valueOf(await folder.add('mx3', sampleRecord('mx3.example.test')));
  valueOf(await saveDenyText(folder, '192.0.2.2\n'));
  const backups = openFleetBackups({ ...options, who: tester, ...(beforeWrite === undefined ? {} : { beforeWrite }) });
  return { folder, backups, appFolder: options.appFolder };
}

async function namesOf(folder: FleetFolder): Promise<string[]> {
  return valueOf(await folder.list()).map(({ name }) => name);
}

async function git(folder: FleetFolder, ...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', ['-C', folder.path, ...args])).stdout;
}

describe('a backup that is brought back in place', () => {
  it('says first what it would change, and changes nothing by that', async () => {
    const { folder, backups } = await fleetThatChanged();
    const head = await git(folder, 'rev-parse', 'HEAD');

    const shown = valueOf(await backups.preview(day));

    expect(shown).toMatchObject({ added: ['mx2'], removed: ['mx3'], touched: ['mx1', 'mx2', 'mx3'], files: 3 });
    expect(shown.differences.map(({ gateway, words, difference }) => [gateway, words, difference[0]?.added])).toEqual([
      ['mx1', null, ['192.0.2.1']],
      ['mx2', 'It is added.', undefined],
      ['mx3', 'It is removed.', undefined],
    ]);
    expect(await git(folder, 'rev-parse', 'HEAD')).toBe(head);
    expect(await git(folder, 'status', '--porcelain')).toBe('');
  });

  it('is one save, which undo takes back', async () => {
    const { folder, backups } = await fleetThatChanged();
    const history = openFleetHistory({ path: folder.path, who: tester });
    const head = await git(folder, 'rev-parse', 'HEAD');

    const { commit, before, touched } = valueOf(await backups.restoreHere(day));

    expect(touched).toEqual(['mx1', 'mx2', 'mx3']);
    expect(await namesOf(folder)).toEqual(['mx1', 'mx2']);
    expect(valueOf(await folder.loadList('mx1-deny')).text).toBe('192.0.2.1\n');
    expect((await messagesOf(folder))[0]).toBe(`Restore the fleet from the backup of ${day}`);
    expect([await git(folder, 'rev-parse', 'HEAD'), await git(folder, 'rev-parse', 'HEAD~1')]).toEqual([
      `${commit}\n`,
      head,
    ]);
    expect(await git(folder, 'status', '--porcelain')).toBe('');
    await git(folder, 'fsck', '--strict'); // fails where anything is wrong

    valueOf(await history.restore({ scope: { kind: 'fleet' }, commit: before ?? '' }));
    expect(await namesOf(folder)).toEqual(['mx1', 'mx3']);
    expect(valueOf(await folder.loadList('mx1-deny')).text).toBe('192.0.2.2\n');
  });

  it('keeps what was edited by hand, and what was cut in the middle, in history first', async () => {
    const { folder, backups } = await fleetThatChanged();
    const [whole, cut] = [await readFile(yamlOf(folder), 'utf8'), 'ssh:\n  hos'];
    await writeFile(yamlOf(folder), cut);

    const { before } = valueOf(await backups.restoreHere(day));

    expect(await readFile(yamlOf(folder), 'utf8')).toBe(whole);
    expect(await git(folder, 'show', `${before}:gateways/mx1.yaml`)).toBe(cut);
  });

  it('keeps address, host keys and last push as they are now: they are facts about the machines', async () => {
    const { folder, backups } = await fleetThatChanged();
    const lastPush = { revision: 'a'.repeat(64), at: '2026-11-24T12:00:00Z', by: 'Ada', pushId: 'p1' };
    valueOf(await folder.recordPush('mx1', lastPush));
    const change = (record: ReturnType<typeof sampleRecord>) => ({ ...record, ssh: { ...record.ssh, port: 2200 } });
    valueOf(await folder.update('mx1', { words: 'Another port', change }));

    valueOf(await backups.restoreHere(day));

    expect(valueOf(await folder.load('mx1'))).toMatchObject({ lastPush, ssh: { port: 2200 } });
  });

  it('replaces no file that nobody can read: nothing is changed then', async () => {
    const { folder, backups } = await fleetThatChanged();
    const list = join(folder.path, 'lists/mx1-deny.txt');
    await rename(list, `${folder.path}-elsewhere.txt`);
    await symlink(`${folder.path}-elsewhere.txt`, list);
    const head = await git(folder, 'rev-parse', 'HEAD');

    const refused = await backups.restoreHere(day);

    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'folder-unreadable', message: expect.stringMatching(/lists\/mx1-deny\.txt/) },
    });
    expect(await git(folder, 'rev-parse', 'HEAD')).toBe(head);
    expect(await namesOf(folder)).toEqual(['mx1', 'mx3']);
    expect(await readFile(`${folder.path}-elsewhere.txt`, 'utf8')).toBe('192.0.2.2\n');
  });

  it('gives back a folder that lost its files and its history', async () => {
    const { folder, backups } = await fleetThatChanged();
    for (const name of await readdir(folder.path)) await rm(join(folder.path, name), { recursive: true });

    const { added } = valueOf(await backups.preview(day));
    valueOf(await backups.restoreHere(day));

    expect(added).toEqual(['mx1', 'mx2']);
    expect(await namesOf(folder)).toEqual(['mx1', 'mx2']);
    expect(valueOf(await folder.load('mx2')).ssh.host).toBe('mx2.example.test');
    expect((await messagesOf(folder))[0]).toBe(`Restore the fleet from the backup of ${day}`);
  });

  it('that is cancelled before the first file is in place changes nothing, and works afterwards', async () => {
    let cancel: (() => void) | null = null;
    const { folder, backups } = await fleetThatChanged(async () => cancel?.());
    const head = await git(folder, 'rev-parse', 'HEAD');
    const told: string[] = [];
    const cancelledAt = async (where: 'comparing' | 'under the lock' | 'placing') => {
      const controller = new AbortController();
      cancel = where === 'under the lock' ? () => controller.abort() : null;
      const onWords = (words: string, canStop = true) => {
        told.push(`${words} ${canStop}`);
        if (where === (canStop ? 'comparing' : 'placing')) controller.abort();
      };
      return backups.restoreHere(day, { signal: controller.signal, onWords });
    };

    const cancelled = [await cancelledAt('comparing'), await cancelledAt('under the lock')];
    const [headAfter, namesAfter] = [await git(folder, 'rev-parse', 'HEAD'), await namesOf(folder)];
    const tooLate = valueOf(await cancelledAt('placing'));

    expect(cancelled.map((each) => (each.ok ? '' : each.problem.code))).toEqual(['cancelled', 'cancelled']);
    expect([headAfter, namesAfter, await git(folder, 'status', '--porcelain')]).toEqual([head, ['mx1', 'mx3'], '']);
    expect(tooLate.touched).toEqual(['mx1', 'mx2', 'mx3']);
    expect(await namesOf(folder)).toEqual(['mx1', 'mx2']);
    expect(told.at(-1)).toBe('Putting the files in place… false');
  });

  it('is no save where everything is so already', async () => {
    const { backups } = await fleetThatChanged();
    valueOf(await backups.restoreHere(day));

    const again = valueOf(await backups.restoreHere(day));

    expect(again).toEqual({ commit: null, before: null, touched: [], differences: [] });
    expect(valueOf(await backups.preview(day))).toMatchObject({ added: [], removed: [], files: 0 });
  });

  it('changes nothing when it is damaged, is not there, or is named like a path', async () => {
    const { folder, backups, appFolder } = await fleetThatChanged();
    const [key = ''] = await readdir(join(appFolder, 'backups'));
    await truncate(join(appFolder, 'backups', key, `${day}.tar.gz`), 100);

    const damaged = await backups.restoreHere(day);
    const never = [await backups.preview('2026-11-01'), await backups.preview(`../${key}/${day}`)];

    expect(damaged).toMatchObject({ ok: false, problem: { code: 'storage-failed' } });
    expect(never.map((each) => (each.ok ? '' : each.problem.code))).toEqual(['not-found', 'not-found']);
    expect(await namesOf(folder)).toEqual(['mx1', 'mx3']);
  });
});
