import { stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { type RanPostern, runPostern } from '../../../support/run-postern.ts';
import { messagesOf, temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

type Listed = { backups: { day: string; gateways: number }[] };

let folder: FleetFolder;
let base: string;
let secret: string;

beforeEach(async () => {
  folder = await temporaryFleet();
  base = dirname(folder.path);
  secret = join(base, 'passphrase');
  await writeFile(secret, 'correct horse battery\n', { mode: 0o600 });
});

const postern = (fleet: string, ...args: string[]): Promise<RanPostern> =>
  runPostern({ fleet, appFolder: join(base, 'app') }, ...args);

async function auditOf(fleet: string): Promise<unknown[]> {
  const { out } = await postern(fleet, 'audit', 'list', '--json');
  const { entries } = JSON.parse(out) as { entries: { action: string; outcome: string; words: string }[] };
  return entries.map(({ action, outcome, words }) => `${action} ${outcome}: ${words}`).toReversed();
}

describe('postern export and import', () => {
  it('are in the log of the folder that they leave and of the one that they fill', async () => {
    const file = join(base, 'fleet.age');
    const there = join(base, 'there');

    const exported = await postern(folder.path, 'export', file, '--passphrase-file', secret);
    const imported = await postern(there, 'import', file, '--passphrase-file', secret);

    expect([exported.status, imported.status]).toEqual([0, 0]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await auditOf(folder.path)).toEqual(['export done: Export the fleet: 1 gateways, 0 private keys']);
    expect(await auditOf(there)).toEqual(['import done: Import a fleet: 1 gateways, 0 private keys']);
    expect((await messagesOf(folder))[0]).toBe('Keep the audit log');
    expect(await postern(there, 'audit', 'verify')).toMatchObject({ status: 0 });
  });

  it('that fail are told as well, and an export of nothing makes nothing', async () => {
    await writeFile(secret, 'short\n', { mode: 0o600 });
    const missing = join(base, 'mistyped');

    const refused = await postern(folder.path, 'export', join(base, 'x'), '--passphrase-file', secret);
    const nothing = await postern(missing, 'export', join(base, 'x'), '--passphrase-file', secret);

    expect([refused.status, nothing.status]).toEqual([2, 1]);
    expect(await auditOf(folder.path)).toEqual([expect.stringMatching(/^export bad-request: Export the fleet: .*12/)]);
    await expect(stat(missing)).rejects.toThrow('ENOENT');
  });
});

describe('postern backup', () => {
  it('lists the days, and brings one into an empty folder, also where the fleet folder is gone', async () => {
    await postern(folder.path, 'group', 'rename', 'nowhere', 'edge'); // refused: nothing is written, a copy is made
    const into = join(base, 'back');

    const listed = await postern(folder.path, 'backup', 'list', '--json');
    const { backups } = JSON.parse(listed.out) as Listed;
    const day = backups[0]?.day ?? '';
    const restored = await postern(folder.path, 'backup', 'restore', day, '--into', into);
    const again = await postern(folder.path, 'backup', 'restore', day, '--into', into);
    const list = await postern(join(into, 'fleet'), 'list');

    expect(backups).toMatchObject([{ gateways: 1, problem: null }]);
    expect(restored).toMatchObject({ status: 0, out: expect.stringMatching(/^1 gateways as of /) });
    expect(again).toMatchObject({ status: 1, told: expect.stringMatching(/not empty/) });
    expect(list.out).toMatch(/^mx1 /m);
  });

  it('brings one back in place when somebody agrees, says how to undo it, and is in the audit log', async () => {
    await postern(folder.path, 'group', 'rename', 'nowhere', 'edge');
    valueOf(await folder.remove('mx1'));
    const { backups } = JSON.parse((await postern(folder.path, 'backup', 'list', '--json')).out) as Listed;
    const day = backups[0]?.day ?? '';
    const restore = (...more: string[]) => postern(folder.path, 'backup', 'restore', day, ...more);

    const unclear = [await restore(), await restore('--in-place', '--into', join(base, 'x'))];
    const unasked = await restore('--in-place');
    const restored = await restore('--in-place', '--yes');
    const again = JSON.parse((await restore('--in-place', '--yes', '--json')).out) as object;
    const undo = /--all --to (\w+)/.exec(restored.out)?.[1] ?? '';
    const names = valueOf(await folder.list()).map(({ name }) => name);
    await postern(folder.path, 'restore', '--all', '--to', undo, '--yes');

    expect(unclear.map(({ status, told }) => [status, /--in-place, or --into/.test(told)])).toEqual([
      [2, true],
      [2, true],
    ]);
    expect(unasked).toMatchObject({ status: 2, told: expect.stringMatching(/It is added\.[^]*--yes/) });
    expect(restored).toMatchObject({ status: 0, out: expect.stringMatching(/postern push --gateway mx1/) });
    expect(again).toMatchObject({ ok: true, day, commit: null });
    expect(names).toEqual(['mx1']);
    expect(valueOf(await folder.list())).toEqual([]);
    expect(await auditOf(folder.path)).toContain(`restore done: Bring the fleet back from the backup of ${day}`);
  });
});
