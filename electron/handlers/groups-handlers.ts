// `groups:*`: the tree of groups.
import type { GroupRow } from '#ipc';
import { done, type Outcome } from '#contract/outcome';
import { overridesOf } from '#contract/settings-layer';
import type { FleetEntry } from '../store/fleet-folder.ts';
import type { GroupEntry } from '../store/group-files.ts';
import type { Handle, Services } from './services.ts';

/** Registers the calls about groups. */
export function registerGroupsHandlers(handle: Handle, services: Services): void {
  async function changed(change: Promise<Outcome<unknown>>): Promise<Outcome<Record<string, never>>> {
    const made = await change;
    if (!made.ok) return made;
    services.emit('fleet:changed', { name: null });
    return done({});
  }

  handle('groups:list', async () => {
    const groups = await services.folder.listGroups();
    if (!groups.ok) return groups;
    const gateways = await services.folder.list();
    return gateways.ok ? done(groupRows(groups.value, gateways.value)) : gateways;
  });

  handle('groups:add', ({ name, parent }) => changed(services.folder.addGroup(name, parent)));

  handle('groups:move', ({ name, parent }) => changed(services.folder.moveGroup(name, parent)));

  handle('groups:rename', ({ name, newName }) => changed(services.folder.renameGroup(name, newName)));

  handle('groups:remove', async ({ name }) => {
    const removed = await services.folder.removeGroup(name);
    if (removed.ok) services.emit('fleet:changed', { name: null });
    return removed;
  });

  handle('groups:restore', ({ name, undo }) => changed(services.folder.restoreGroup(name, undo)));
}

function groupRows(groups: readonly GroupEntry[], gateways: readonly FleetEntry[]): GroupRow[] {
  const counts = countGateways(groups, gateways);
  return groups.map((entry) => {
    const { name } = entry;
    const count = counts.get(name) ?? 0;
    if ('unreadable' in entry) {
      return { name, parent: null, gateways: count, overrides: 0, unreadable: entry.unreadable };
    }
    const { parent, settings } = entry.record;
    return { name, parent, gateways: count, overrides: overridesOf(settings).length, unreadable: null };
  });
}

/** By group, the gateways in it and below it. */
function countGateways(groups: readonly GroupEntry[], gateways: readonly FleetEntry[]): Map<string, number> {
  const parents = new Map(groups.map((entry) => [entry.name, 'record' in entry ? entry.record.parent : null] as const));
  const counts = new Map<string, number>();
  for (const entry of gateways) {
    const seen = new Set<string>(); // groups may lie in a circle until somebody corrects it
    let group = 'record' in entry ? entry.record.group : null;
    while (group !== null && !seen.has(group)) {
      seen.add(group);
      counts.set(group, (counts.get(group) ?? 0) + 1);
      group = parents.get(group) ?? null;
    }
  }
  return counts;
}
