import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editSettings } from '#contract/settings-layer';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

/** Writes files as a person would. */
async function writeFiles(folder: FleetFolder, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder.path, path, '..'), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
}

const interfaceYaml = (lines: string) => `settings:\n  connections:\n    interface:\n${lines}`;
const mx1 = (group: string) => `ssh:\n  host: a.test\ngroup: ${group}\n${interfaceYaml('      port: 2525\n')}`;

describe('what a gateway is given', () => {
  it('comes from the gateway, its group, the group above and the fleet, the nearest first', async () => {
    const folder = await temporaryFleet();
    await writeFiles(folder, {
      'fleet.yaml': interfaceYaml('      maxConnections: 9\n      idleTimeoutMinutes: 30\n      port: 1\n'),
      'groups/core.yaml': interfaceYaml('      maxConnections: 50\n'),
      'groups/edge.yaml': `parent: core\n${interfaceYaml('      port: 587\n')}`,
      'gateways/mx1.yaml': mx1('edge'),
    });

    const { settings, origins } = valueOf(await folder.resolve('mx1'));

    expect(settings.connections.interface).toMatchObject({ port: 2525, maxConnections: 50, idleTimeoutMinutes: 30 });
    expect(origins['connections.interface.maxConnections']).toEqual({ kind: 'group', name: 'core' });
    expect(origins['connections.interface.idleTimeoutMinutes']).toEqual({ kind: 'fleet' });
  });

  it('is never less than it should be: a circle, a missing or an unreadable file above is named', async () => {
    const folder = await temporaryFleet();
    const resolveWith = async (files: Record<string, string>) => {
      await writeFiles(folder, { 'gateways/mx1.yaml': mx1('edge'), ...files });
      const resolved = await folder.resolve('mx1');
      return resolved.ok ? 'taken' : `${resolved.problem.code}: ${resolved.problem.message}`;
    };

    expect(await resolveWith({})).toMatch(/^folder-unreadable: groups\/edge\.yaml is missing/);
    expect(await resolveWith({ 'groups/edge.yaml': 'parent: core\n' })).toMatch(/groups\/core\.yaml is missing.*edge/);
    expect(await resolveWith({ 'groups/core.yaml': 'parent: edge\n' })).toMatch(/circle: edge → core → edge/);
    expect(await resolveWith({ 'groups/core.yaml': 'settings:\n  smpt: {}\n' })).toMatch(/core\.yaml .*Line 2/);
    expect(await resolveWith({ 'groups/core.yaml': 'settings: {}\n', 'fleet.yaml': '- x\n' })).toMatch(/fleet\.yaml/);
  });

  it('follows a draft of a scope above that nobody has saved yet', async () => {
    const folder = await temporaryFleet();
    valueOf(await folder.addGroup('edge', null));
    await writeFiles(folder, { 'gateways/mx1.yaml': mx1('edge') });
    const scope = { kind: 'group', name: 'edge' } as const;
    const { draft } = valueOf(await folder.loadDraft(scope));
    const { connections } = draft.settings;
    const changed = { ...connections, interface: { ...connections.interface, port: 26, idleTimeoutMinutes: 8 } };

    const unsaved = { scope, draft: editSettings(draft, { ...draft.settings, connections: changed }) };
    const { settings } = valueOf(await folder.resolve('mx1', unsaved));

    expect(settings.connections.interface).toMatchObject({ port: 2525, idleTimeoutMinutes: 8 });
    expect(valueOf(await folder.resolve('mx1')).settings.connections.interface.idleTimeoutMinutes).toBe(5);
  });

  it('follows an edit by hand at once, however quickly it comes', async () => {
    const folder = await temporaryFleet();
    await writeFiles(folder, {
      'groups/edge.yaml': interfaceYaml('      maxConnections: 1\n'),
      'gateways/mx1.yaml': mx1('edge'),
    });

    for (const limit of [2, 3, 4, 5]) {
      await writeFiles(folder, { 'groups/edge.yaml': interfaceYaml(`      maxConnections: ${limit}\n`) });
      expect(valueOf(await folder.resolve('mx1')).settings.connections.interface.maxConnections).toBe(limit);
    }
  });
});
