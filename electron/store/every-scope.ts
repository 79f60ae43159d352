// The whole fleet folder's scopes at once: who is below whom, who sets what, who uses which list.
import type { FleetDefaults } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { overridesOf, ownListPaths, type SettingsLayer } from '#contract/settings-layer';
import type { FleetEntry } from './fleet-folder.ts';
import { listGroups, loadFleetFile, type GroupEntry } from './group-files.ts';
import { listRecords } from './record-files.ts';

export type EveryScope = {
  /** What `fleet.yaml` says, or why it cannot be read. */
  fleet: FleetDefaults | { unreadable: string };
  groups: GroupEntry[];
  gateways: FleetEntry[];
};

/** Reads every scope; files that cannot be read are told, not left out. */
export async function loadEveryScope(folder: string): Promise<Outcome<EveryScope>> {
  const fleet = await loadFleetFile(folder);
  const groups = await listGroups(folder);
  const gateways = await listRecords(folder);
  if (!gateways.ok) return gateways;
  return done({
    fleet: fleet.ok ? fleet.value.record : { unreadable: fleet.problem.message },
    groups,
    gateways: gateways.value,
  });
}

/** A scope in words: 'the fleet', 'group edge', 'mx1'. */
export function scopeInWords(scope: Scope): string {
  if (scope.kind === 'fleet') return 'the fleet';
  return scope.kind === 'group' ? `group ${scope.name}` : scope.name;
}

/** The groups in and below this one, itself included. A circle ends where it closes. */
export function groupsWithin(every: EveryScope, group: string): Set<string> {
  const within = new Set([group]);
  for (let grows = true; grows;) {
    grows = false;
    for (const entry of every.groups) {
      if (!('record' in entry) || entry.record.parent === null) continue;
      if (within.has(entry.record.parent) && !within.has(entry.name)) {
        within.add(entry.name);
        grows = true;
      }
    }
  }
  return within;
}

/** The gateways that a scope reaches. Of a file that cannot be read only the fleet knows that it belongs to it. */
export function gatewaysWithin(every: EveryScope, scope: Scope): string[] {
  if (scope.kind === 'gateway') return [scope.name];
  const within = scope.kind === 'group' ? groupsWithin(every, scope.name) : null;
  return every.gateways
    .filter(
      (entry) =>
        within === null || ('record' in entry && entry.record.group !== null && within.has(entry.record.group)),
    )
    .map(({ name }) => name);
}

/** Every layer that can be read, with its scope. */
export function layersOf(every: EveryScope): { scope: Scope; layer: SettingsLayer }[] {
  const layers: { scope: Scope; layer: SettingsLayer }[] = [];
  if ('settings' in every.fleet) layers.push({ scope: { kind: 'fleet' }, layer: every.fleet.settings });
  for (const entry of every.groups) {
    if ('record' in entry) layers.push({ scope: { kind: 'group', name: entry.name }, layer: entry.record.settings });
  }
  for (const entry of every.gateways) {
    if ('record' in entry) layers.push({ scope: { kind: 'gateway', name: entry.name }, layer: entry.record.settings });
  }
  return layers;
}

/** By field, who below a scope sets it itself: 'mx1', 'group edge'. A gateway's own lists are not meant. */
export function deviationsBelow(every: EveryScope, scope: Scope): Record<string, string[]> {
  if (scope.kind === 'gateway') return {};
  const groups = scope.kind === 'group' ? groupsWithin(every, scope.name) : null;
  const gateways = new Set(gatewaysWithin(every, scope));
  const deviations: Record<string, string[]> = {};
  for (const { scope: below, layer } of layersOf(every)) {
    if (below.kind === 'fleet') continue;
    if (below.kind === 'group' && (groups?.has(below.name) === false || isItself(below.name, scope))) continue;
    if (below.kind === 'gateway' && !gateways.has(below.name)) continue;
    for (const path of overridesOf(layer)) {
      if (!ownListPaths.includes(path)) (deviations[path] ??= []).push(scopeInWords(below));
    }
  }
  return deviations;
}

function isItself(group: string, scope: Scope): boolean {
  return scope.kind === 'group' && scope.name === group;
}

/** The lists that a layer names: a gateway's own ones, and shared ones. */
export function listsNamedBy(layer: SettingsLayer): { own: string[]; shared: string[] } {
  const { denyList, permitList, sharedDenyLists = [], sharedPermitLists = [] } = layer.connections?.control ?? {};
  const own = [denyList, permitList].filter((name) => name !== null && name !== undefined);
  return { own, shared: [...sharedDenyLists, ...sharedPermitLists] };
}

/** Files that cannot be read: whatever depends on knowing everything must not go on. */
export function unreadableOf(every: EveryScope): string[] {
  const entries = [every.fleet, ...every.groups, ...every.gateways];
  return entries.flatMap((entry) => ('unreadable' in entry ? [entry.unreadable] : []));
}
