import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDayBackups, type DayBackups } from '../../../../electron/store/day-backups.ts';
import { openFleetFolder, type FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { openVault } from '../../../../electron/store/vault.ts';
import { memoryKeychain } from '../../../support/memory-keychain.ts';
import { makePemPair } from '../../../support/pem-files.ts';
import {
  messagesOf,
  sampleRecord,
  saveDenyText,
  temporaryFolder,
  tester,
  valueOf,
  yamlOf,
} from '../../../support/temporary-fleet.ts';

type Place = { folder: FleetFolder; backups: DayBackups; appFolder: string; goTo(day: string): void; told: string[] };

/** A fleet folder that is backed up as the app does it, at a day that the test chooses. */
async function fleetWithBackups(): Promise<Place> {
  const base = await temporaryFolder();
  const appFolder = join(base, 'app');
  let today = new Date('2026-11-24T12:00:00');
  const told: string[] = [];
  const backups = openDayBackups({ fleetFolder: join(base, 'fleet'), appFolder, now: () => today });
  const folder = await openFleetFolder(join(base, 'fleet'), tester, async () => {
    const made = await backups.makeOfToday();
    if (!made.ok) told.push(made.problem.message);
  });
  valueOf(await valueOf(folder).add('mx1', sampleRecord()));
  return { folder: valueOf(folder), backups, appFolder, told, goTo: (day) => (today = new Date(`${day}T12:00:00`)) };
}

async function daysOf({ backups }: Place): Promise<string[]> {
  return valueOf(await backups.list()).map(({ day }) => day);
}

describe('a backup', () => {
  it('is made before the first write of a day, and holds what lay there then', async () => {
    const place = await fleetWithBackups();
    const { folder, backups } = place;
    const into = join(await temporaryFolder(), 'back');
    expect(await daysOf(place)).toEqual([]); // the first gateway: nothing was there to keep
    valueOf(await saveDenyText(folder, '192.0.2.1\n'));
    place.goTo('2026-11-25');
    const before = await readFile(yamlOf(folder), 'utf8');
    valueOf(await saveDenyText(folder, '192.0.2.2\n'));
    valueOf(await saveDenyText(folder, '192.0.2.3\n'));

    expect(await daysOf(place)).toEqual(['2026-11-25', '2026-11-24']);
    expect(valueOf(await backups.restore('2026-11-25', into))).toEqual({ gateways: 1 });
    const there = valueOf(await openFleetFolder(join(into, 'fleet'), tester));
    expect(await readFile(yamlOf(there), 'utf8')).toBe(before);
    expect(await readFile(join(into, 'fleet/lists/mx1-deny.txt'), 'utf8')).toBe('192.0.2.1\n');
    expect(await readdir(join(into, 'fleet'))).toEqual(['gateways', 'lists']);
  });

  it('is not made by notes of pushes, and tells a person when it cannot be made, without stopping the save', async () => {
    const place = await fleetWithBackups();
    const lastPush = { revision: 'a'.repeat(64), at: '2026-11-24T12:00:00Z', by: 'Ada', pushId: 'p1' };
    valueOf(await place.folder.recordPush('mx1', lastPush));
    expect(await daysOf(place)).toEqual([]);

    await writeFile(join(place.appFolder), 'a file where the folder should be');
    valueOf(await saveDenyText(place.folder, '192.0.2.1\n'));

    expect(place.told).toEqual([expect.stringMatching(/cannot be used/)]);
  });

  it('goes into an empty folder only', async () => {
    const place = await fleetWithBackups();
    valueOf(await saveDenyText(place.folder, '192.0.2.1\n'));

    const over = await place.backups.restore('2026-11-24', place.folder.path);
    const never = await place.backups.restore('2026-11-01', join(await temporaryFolder(), 'x'));

    expect(over).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(never).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('holds the key store as it lies there, readable by its owner only, and no secret in clear', async () => {
    const place = await fleetWithBackups();
    const parts = { service: 'test', fleetFolder: place.folder.path, keychain: memoryKeychain() };
    const pem = (await makePemPair(await temporaryFolder(), 'x')).key;
    const vault = openVault({ ...parts, folder: join(place.appFolder, 'vault') });
    const { sha256 } = valueOf(await vault.storePrivateKey(pem));
    valueOf(await vault.storeSecret('mx1', 'password', 'hunter2-hunter2'));
    const into = join(await temporaryFolder(), 'back');
    valueOf(await saveDenyText(place.folder, '192.0.2.1\n'));
    const [key = ''] = await readdir(join(place.appFolder, 'backups'));
    const file = join(place.appFolder, 'backups', key, '2026-11-24.tar.gz');

    valueOf(await place.backups.restore('2026-11-24', into));

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(place.appFolder, 'backups', key))).mode & 0o777).toBe(0o700);
    expect((await stat(join(into, 'app'))).mode & 0o777).toBe(0o700);
    const names = await readdir(join(into, 'app/vault'), { recursive: true, withFileTypes: true });
    const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    expect(files).toHaveLength(3); // vault.json, the key, where the secret is
    for (const each of files) expect(await readFile(each, 'utf8')).not.toMatch(/hunter2|PRIVATE/);
    const back = openVault({ ...parts, folder: join(into, 'app/vault') });
    expect(valueOf(await back.loadPrivateKey(sha256))).toBe(pem);
    expect(valueOf(await back.loadSecret('mx1', 'password'))).toBe('hunter2-hunter2');
  });

  it('that is damaged is told, and the others stay', async () => {
    const place = await fleetWithBackups();
    valueOf(await saveDenyText(place.folder, '192.0.2.1\n'));
    place.goTo('2026-11-25');
    valueOf(await saveDenyText(place.folder, '192.0.2.2\n'));
    const [key = ''] = await readdir(join(place.appFolder, 'backups'));
    const newest = join(place.appFolder, 'backups', key, '2026-11-25.tar.gz');
    await truncate(newest, (await stat(newest)).size - 20);

    const listed = valueOf(await place.backups.list());
    const restored = await place.backups.restore('2026-11-25', join(await temporaryFolder(), 'x'));

    expect(listed.map(({ day, gateways, problem }) => [day, gateways, problem !== null])).toEqual([
      ['2026-11-25', 0, true],
      ['2026-11-24', 1, false],
    ]);
    expect(restored).toMatchObject({ ok: false, problem: { code: 'storage-failed' } });
  });

  it('gives the file back that was cut in the middle; a save leaves that one as it is', async () => {
    const place = await fleetWithBackups();
    valueOf(await saveDenyText(place.folder, '192.0.2.1\n'));
    const whole = await readFile(yamlOf(place.folder), 'utf8');
    place.goTo('2026-11-25');
    valueOf(await place.folder.add('mx2', sampleRecord()));
    await writeFile(yamlOf(place.folder), whole.slice(0, whole.indexOf('host') + 3)); // 'ssh:\n  hos'
    const into = join(await temporaryFolder(), 'back');

    const refused = await place.folder.tagGateways(['mx1'], { add: ['edge'], remove: [] });
    valueOf(await place.folder.tagGateways(['mx2'], { add: ['edge'], remove: [] }));
    valueOf(await place.backups.restore('2026-11-25', into));

    expect(refused).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(await readFile(yamlOf(place.folder), 'utf8')).toMatch(/hos$/);
    expect(await readFile(join(into, 'fleet/gateways/mx1.yaml'), 'utf8')).toBe(whole);
  });

  it('does not need .git; a folder that lost it goes on with a history that begins with all its files', async () => {
    const place = await fleetWithBackups();
    valueOf(await place.folder.add('mx2', sampleRecord()));
    await rm(join(place.folder.path, '.git'), { recursive: true });
    place.goTo('2026-11-25');
    await mkdir(join(place.folder.path, 'groups'), { recursive: true });
    await writeFile(join(place.folder.path, 'groups/broken.yaml'), 'parent: [');

    valueOf(await place.folder.tagGateways(['mx2'], { add: ['edge'], remove: [] }));

    expect(await messagesOf(place.folder)).toEqual([
      'Tag mx2: +edge',
      'Begin the history with the files as they were found',
    ]);
    const { undo } = valueOf(await place.folder.remove('mx1'));
    valueOf(await place.folder.restore('mx1', undo));
    expect(await daysOf(place)).toEqual(['2026-11-25', '2026-11-24']);
  });
});
