import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editSettings } from '#contract/settings-layer';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { messagesOf, sampleRecord, temporaryFleet, valueOf, yamlOf } from '../../../support/temporary-fleet.ts';

/** core > edge, with mx1 in edge and mx2 in core. */
async function groupedFleet(): Promise<FleetFolder> {
  const folder = await temporaryFleet();
  valueOf(await folder.add('mx2', sampleRecord()));
  valueOf(await folder.addGroup('core', null));
  valueOf(await folder.addGroup('edge', 'core'));
  valueOf(await folder.moveGateways(['mx1'], 'edge'));
  valueOf(await folder.moveGateways(['mx2'], 'core'));
  return folder;
}

async function saveIdle(folder: FleetFolder, scope: Parameters<FleetFolder['loadDraft']>[0], minutes: number) {
  const { draft, savedVersion } = valueOf(await folder.loadDraft(scope));
  const { connections } = draft.settings;
  const changed = { ...connections, interface: { ...connections.interface, idleTimeoutMinutes: minutes } };
  const next = editSettings(draft, { ...draft.settings, connections: changed });
  return folder.saveDraft(scope, { draft: next, savedVersion, words: `Idle ${minutes}` });
}

async function groupsOf(folder: FleetFolder): Promise<Record<string, string | null>> {
  const entries = valueOf(await folder.list());
  return Object.fromEntries(entries.map((entry) => [entry.name, 'record' in entry ? entry.record.group : '?']));
}

const edge = { kind: 'group', name: 'edge' } as const;
const core = { kind: 'group', name: 'core' } as const;

describe('groups', () => {
  it('are files that hold their parent and only what is set there, a default too', async () => {
    const folder = await groupedFleet();
    await writeFile(join(folder.path, 'groups/edge.yaml'), '# the DMZ\nparent: core\n');

    valueOf(await saveIdle(folder, core, 7));
    valueOf(await saveIdle(folder, edge, 5));

    const text = await readFile(join(folder.path, 'groups/edge.yaml'), 'utf8');
    expect(text).toBe(
      '# the DMZ\nparent: core\nsettings:\n  connections:\n    interface:\n      idleTimeoutMinutes: 5\n',
    );
    expect(valueOf(await folder.resolve('mx1')).settings.connections.interface.idleTimeoutMinutes).toBe(5);
    expect(valueOf(await folder.resolve('mx2')).settings.connections.interface.idleTimeoutMinutes).toBe(7);
  });

  it('tell what they inherit and who below does not follow', async () => {
    const folder = await groupedFleet();
    valueOf(await saveIdle(folder, core, 7));
    valueOf(await saveIdle(folder, edge, 9));
    valueOf(await saveIdle(folder, { kind: 'gateway', name: 'mx2' }, 11));

    const document = valueOf(await folder.loadDraft(core));

    expect(document.deviations).toEqual({ 'connections.interface.idleTimeoutMinutes': ['group edge', 'mx2'] });
    const below = valueOf(await folder.loadDraft(edge));
    expect(below.inherited.settings.connections.interface.idleTimeoutMinutes).toBe(7);
    expect(below.inherited.origins['connections.interface.idleTimeoutMinutes']).toEqual(core);
    expect(below.draft.overrides).toEqual(['connections.interface.idleTimeoutMinutes']);
  });

  it('refuse the second of two editors', async () => {
    const folder = await groupedFleet();
    const { draft, savedVersion } = valueOf(await folder.loadDraft(edge));
    valueOf(await saveIdle(folder, edge, 9));

    const second = await folder.saveDraft(edge, { draft, savedVersion, words: '' });

    expect(second).toMatchObject({ ok: false, problem: { code: 'conflict', message: expect.stringMatching(/edge/) } });
  });

  it('reach the gateways in and below them', async () => {
    const folder = await groupedFleet();

    expect(valueOf(await folder.reach(core))).toEqual(['mx1', 'mx2']);
    expect(valueOf(await folder.reach(edge))).toEqual(['mx1']);
    expect(valueOf(await folder.reach({ kind: 'fleet' }))).toEqual(['mx1', 'mx2']);
  });

  it('never lie in a circle, and need a parent that is there', async () => {
    const folder = await groupedFleet();

    expect(await folder.moveGroup('core', 'edge')).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(await folder.moveGroup('core', 'core')).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(await folder.addGroup('lab', 'nowhere')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await folder.addGroup('edge', null)).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(await folder.moveGateways(['mx1'], 'nowhere')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('leave their members to their parent when they are removed, and take them back', async () => {
    const folder = await groupedFleet();
    valueOf(await folder.addGroup('dmz', 'edge'));
    valueOf(await saveIdle(folder, edge, 9));

    const { undo } = valueOf(await folder.removeGroup('edge'));
    const removed = await groupsOf(folder);
    const [words] = await messagesOf(folder);
    valueOf(await folder.restoreGroup('edge', undo));

    expect(removed).toEqual({ mx1: 'core', mx2: 'core' });
    expect(words).toMatch(/^Remove group edge\n\nWhat it set is gone.*below core:\ngroup dmz\nmx1$/s);
    expect(await groupsOf(folder)).toEqual({ mx1: 'edge', mx2: 'core' });
    expect(valueOf(await folder.resolve('mx1')).settings.connections.interface.idleTimeoutMinutes).toBe(9);
    const dmz = valueOf(await folder.listGroups()).find(({ name }) => name === 'dmz');
    expect(dmz).toMatchObject({ record: { parent: 'edge' } });
  });

  it('get another name in one commit, and whoever is in them or below them follows', async () => {
    const folder = await groupedFleet();
    valueOf(await folder.addGroup('dmz', 'edge'));
    valueOf(await saveIdle(folder, edge, 9));
    await writeFile(yamlOf(folder), '# rack 4\nssh: { host: mx1.example.test }\ngroup: edge\n');
    const before = (await messagesOf(folder)).length;

    valueOf(await folder.renameGroup('edge', 'border'));

    expect(await messagesOf(folder)).toHaveLength(before + 1);
    expect((await messagesOf(folder))[0]).toBe('Rename group edge to border');
    expect(await groupsOf(folder)).toEqual({ mx1: 'border', mx2: 'core' });
    expect(await readFile(yamlOf(folder), 'utf8')).toBe('# rack 4\nssh: { host: mx1.example.test }\ngroup: border\n');
    const groups = valueOf(await folder.listGroups());
    expect(groups.map((entry) => [entry.name, 'record' in entry ? entry.record.parent : '?'])).toEqual([
      ['border', 'core'],
      ['core', null],
      ['dmz', 'border'],
    ]);
    expect(valueOf(await folder.resolve('mx1')).settings.connections.interface.idleTimeoutMinutes).toBe(9);
  });

  it('keep their name where the new one is taken, makes no sense, or a file hides who is in them', async () => {
    const folder = await groupedFleet();
    const refused = async (name: string, newName: string) => {
      const renamed = await folder.renameGroup(name, newName);
      return renamed.ok ? 'renamed' : renamed.problem.code;
    };

    expect(await refused('edge', 'core')).toBe('exists');
    expect(await refused('edge', 'edge')).toBe('exists');
    expect(await refused('edge', '../edge')).toBe('bad-request');
    expect(await refused('nowhere', 'border')).toBe('not-found');
    await writeFile(join(folder.path, 'gateways/mx3.yaml'), 'group: edge\nssh: [');
    expect(await refused('edge', 'border')).toBe('folder-unreadable');
    expect(await groupsOf(folder)).toEqual({ mx1: 'edge', mx2: 'core', mx3: '?' });
  });
});

describe('many gateways', () => {
  it('are moved and tagged with one commit each, and nothing else in their files changes', async () => {
    const folder = await groupedFleet();
    await writeFile(yamlOf(folder), '# rack 4\nssh: { host: mx1.example.test }\ngroup: edge\n');

    valueOf(await folder.moveGateways(['mx1', 'mx2'], 'core'));
    valueOf(await folder.tagGateways(['mx1', 'mx2'], { add: ['eu', 'canary'], remove: [] }));
    valueOf(await folder.tagGateways(['mx1'], { add: [], remove: ['eu'] }));

    const text = await readFile(yamlOf(folder), 'utf8');
    expect(text).toBe('# rack 4\nssh: { host: mx1.example.test }\ngroup: core\ntags:\n  - canary\n');
    expect((await messagesOf(folder)).slice(0, 3)).toEqual([
      'Tag mx1: -eu',
      'Tag mx1, mx2: +eu +canary',
      'Move mx1, mx2 into group core',
    ]);
  });

  it('are not moved at all when one of them cannot be', async () => {
    const folder = await groupedFleet();

    const moved = await folder.moveGateways(['mx2', 'mx3'], 'edge');

    expect(moved).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await groupsOf(folder)).toEqual({ mx1: 'edge', mx2: 'core' });
  });
});
