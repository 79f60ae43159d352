import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scope } from '#contract/scope';
import { editSettings } from '#contract/settings-layer';
import { createConfigPlanner } from '../../../../electron/store/build-release.ts';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { saveDenyText, temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

async function share(folder: FleetFolder, scope: Scope, sharedDenyLists: string[]): Promise<void> {
  const { draft, savedVersion } = valueOf(await folder.loadDraft(scope));
  const { connections } = draft.settings;
  const control = { ...connections.control, sharedDenyLists };
  const next = editSettings(draft, { ...draft.settings, connections: { ...connections, control } });
  valueOf(await folder.saveDraft(scope, { draft: next, savedVersion, words: 'Share lists' }));
}

async function makeList(folder: FleetFolder, name: string, text: string): Promise<string> {
  return valueOf(await folder.saveSharedList({ name, text, savedVersion: null })).savedVersion;
}

async function sentList(folder: FleetFolder): Promise<string> {
  const resolved = valueOf(await folder.resolve('mx1'));
  const { lists } = valueOf(await createConfigPlanner(folder).plan(resolved));
  return lists[0]?.content().toString('utf8') ?? '';
}

const fleet: Scope = { kind: 'fleet' };

describe('shared lists', () => {
  it('are sent before the own entries of a gateway, in their order', async () => {
    const folder = await temporaryFleet();
    await makeList(folder, 'spam', '# all of them\n192.0.2.1\n');
    await makeList(folder, 'scanners', '198.51.100.0/24 # lab\n');
    await share(folder, fleet, ['spam', 'scanners']);
    valueOf(await saveDenyText(folder, '203.0.113.7\n'));

    expect(await sentList(folder)).toBe('192.0.2.1\n198.51.100.0:255.255.255.0 # lab\n203.0.113.7\n');
  });

  it('make the revision that the same entries in one list make', async () => {
    const [one, other] = [await temporaryFleet(), await temporaryFleet()];
    await makeList(one, 'spam', '192.0.2.1\n');
    await share(one, fleet, ['spam']);
    valueOf(await saveDenyText(other, '192.0.2.1\n'));
    const revisionOf = async (folder: FleetFolder) =>
      valueOf(await createConfigPlanner(folder).plan(valueOf(await folder.resolve('mx1')))).revision;

    expect(await revisionOf(one)).toBe(await revisionOf(other));
  });

  it('that were edited into nonsense, or are missing, stop a push by their name and line', async () => {
    const folder = await temporaryFleet();
    await makeList(folder, 'spam', '192.0.2.1\n');
    await share(folder, fleet, ['spam']);
    const plan = async () => createConfigPlanner(folder).plan(valueOf(await folder.resolve('mx1')));

    await writeFile(join(folder.path, 'lists/spam.txt'), '192.0.2.1\nhost.test\n');
    expect(await plan()).toMatchObject({ problem: { message: expect.stringMatching(/shared list spam, line 2/) } });
    await share(folder, fleet, ['gone']);
    expect(await plan()).toMatchObject({ problem: { message: expect.stringMatching(/lists\/gone\.txt is missing/) } });
  });

  it('are told with their users, own lists of gateways not', async () => {
    const folder = await temporaryFleet();
    await makeList(folder, 'spam', '192.0.2.1\n192.0.2.2\n');
    valueOf(await folder.addGroup('edge', null));
    await share(folder, fleet, ['spam']);
    await share(folder, { kind: 'group', name: 'edge' }, ['spam', 'gone']);
    valueOf(await saveDenyText(folder, '203.0.113.7\n'));

    const lists = valueOf(await folder.listSharedLists());

    expect(lists).toEqual([
      { name: 'gone', entries: 0, usedBy: ['group edge'], unreadable: expect.stringMatching(/missing/) },
      { name: 'spam', entries: 2, usedBy: ['the fleet', 'group edge'], unreadable: null },
    ]);
  });

  it('are not removed while somebody uses them, and come back', async () => {
    const folder = await temporaryFleet();
    await makeList(folder, 'spam', '192.0.2.1\n');
    await share(folder, fleet, ['spam']);

    const refused = await folder.removeSharedList('spam');
    await share(folder, fleet, []);
    const { undo } = valueOf(await folder.removeSharedList('spam'));
    const gone = await folder.loadSharedList('spam');
    valueOf(await folder.restoreSharedList('spam', undo));

    expect(refused).toMatchObject({ problem: { code: 'exists', message: expect.stringMatching(/the fleet/) } });
    expect(gone).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(valueOf(await folder.loadSharedList('spam')).text).toBe('192.0.2.1\n');
  });

  it('refuse the second of two editors and a name that is taken', async () => {
    const folder = await temporaryFleet();
    const first = await makeList(folder, 'spam', '192.0.2.1\n');
    valueOf(await folder.saveSharedList({ name: 'spam', text: '192.0.2.2\n', savedVersion: first }));

    const second = await folder.saveSharedList({ name: 'spam', text: '192.0.2.3\n', savedVersion: first });
    const again = await folder.saveSharedList({ name: 'spam', text: '', savedVersion: null });

    expect(second).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    expect(again).toMatchObject({ ok: false, problem: { code: 'exists' } });
  });
});
