// What a gateway is given once fleet, groups and its own settings come together. One view reads each file above the
// gateways once, so that a thousand gateways of one call see the same fleet.
import type { FleetDefaults, GatewayRecord, GroupRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { layerOf, resolveSettings, type ScopedLayer, type SettingOrigins } from '#contract/settings-layer';
import type { GatewaySettings } from '#contract/settings';
import type { FilePlace } from './file-place.ts';
import type { ScopeDraft } from './fleet-folder.ts';
import { groupPath, loadFleetFile, loadGroupFile } from './group-files.ts';
import { loadList } from './list-files.ts';
import { loadRecordFile } from './record-files.ts';

/** Settings of one scope that are not saved yet: the view takes them for what lies in the folder. */
export type Unsaved = { scope: Scope; draft: ScopeDraft };

/** What one gateway is given. The texts hold its own entries; shared lists are named in the settings. */
export type GatewayResolution = {
  settings: GatewaySettings;
  origins: SettingOrigins;
  denyText: string;
  permitText: string;
};

export type ScopeView = {
  /** The layers above a gateway (or group) of this group, the nearest first; the fleet's is the last. */
  chainOf(group: string | null): Promise<Outcome<ScopedLayer[]>>;
  /** `known` is the gateway's record where it was read already. */
  resolve(name: string, known?: GatewayRecord): Promise<Outcome<GatewayResolution>>;
};

/** A view that lives for one call. Whatever is missing, unreadable or goes in a circle is a problem, never "not set". */
export function createScopeView(place: FilePlace, unsaved: Unsaved | null = null): ScopeView {
  const readFleet = once(() => loadFleet(place, unsaved));
  const groups = new Map<string, Promise<Outcome<GroupRecord>>>();
  const chains = new Map<string | null, Promise<Outcome<ScopedLayer[]>>>();

  const readGroup = (name: string): Promise<Outcome<GroupRecord>> =>
    remembered(groups, name, () => loadGroup(place, name, unsaved));

  const chainOf = (group: string | null): Promise<Outcome<ScopedLayer[]>> =>
    remembered(chains, group, () => walk(group, { readFleet, readGroup }));

  return {
    chainOf,
    async resolve(name, known) {
      const record = known === undefined ? await loadRecord(place, name) : done(known);
      if (!record.ok) return record;
      const chain = await chainOf(record.value.group);
      if (!chain.ok) return chain;
      const own = unsavedFor(unsaved, { kind: 'gateway', name });
      const layer = own === null ? record.value.settings : layerOf(own.settings, own.overrides);
      const texts = own === null ? await loadOwnTexts(place, record.value) : done(own);
      if (!texts.ok) return texts;
      const { denyText, permitText } = texts.value;
      const resolved = resolveSettings([{ origin: { kind: 'gateway', name }, layer }, ...chain.value]);
      return done({ ...resolved, denyText, permitText });
    },
  };
}

async function loadRecord(place: FilePlace, name: string): Promise<Outcome<GatewayRecord>> {
  const file = await loadRecordFile(place, name);
  return file.ok ? done(file.value.record) : file;
}

/** The texts of a gateway's own lists; one that is named and missing fails the whole. */
export async function loadOwnTexts(
  place: FilePlace,
  { settings }: GatewayRecord,
): Promise<Outcome<{ denyText: string; permitText: string }>> {
  const { denyList = null, permitList = null } = settings.connections?.control ?? {};
  const deny = await loadText(place, denyList);
  if (!deny.ok) return deny;
  const permit = await loadText(place, permitList);
  return permit.ok ? done({ denyText: deny.value, permitText: permit.value }) : permit;
}

async function loadText(place: FilePlace, list: string | null): Promise<Outcome<string>> {
  if (list === null) return done('');
  const file = await loadList(place, list);
  return file.ok ? done(file.value.text) : file;
}

type Readers = {
  readFleet: () => Promise<Outcome<FleetDefaults>>;
  readGroup: (name: string) => Promise<Outcome<GroupRecord>>;
};

async function walk(group: string | null, { readFleet, readGroup }: Readers): Promise<Outcome<ScopedLayer[]>> {
  const layers: ScopedLayer[] = [];
  const way: string[] = [];
  for (let name = group; name !== null;) {
    if (way.includes(name)) return refuseCircle([...way, name]);
    const record = await readGroup(name);
    if (!record.ok) return record.problem.code === 'not-found' ? refuseMissing(name, way.at(-1)) : record;
    layers.push({ origin: { kind: 'group', name }, layer: record.value.settings });
    way.push(name);
    name = record.value.parent;
  }
  const fleet = await readFleet();
  if (!fleet.ok) return fleet;
  return done([...layers, { origin: { kind: 'fleet' }, layer: fleet.value.settings }]);
}

function refuseCircle(way: string[]): Outcome<never> {
  const first = way.at(-1) ?? '';
  const circle = way.slice(way.indexOf(first));
  const message = `Groups lie in a circle: ${circle.join(' → ')}. Each names the next as its parent (${groupPath(first)}).`;
  return failed('folder-unreadable', message, 'Give one of them another parent.');
}

function refuseMissing(name: string, namedBy: string | undefined): Outcome<never> {
  const by = namedBy === undefined ? '' : `, which ${groupPath(namedBy)} names as its parent`;
  const message = `${groupPath(name)} is missing in the fleet folder${by}.`;
  return failed('folder-unreadable', message, 'Bring the file back, or choose another group.');
}

async function loadFleet(place: FilePlace, unsaved: Unsaved | null): Promise<Outcome<FleetDefaults>> {
  const file = await loadFleetFile(place);
  if (!file.ok) return file;
  const draft = unsavedFor(unsaved, { kind: 'fleet' });
  return done(draft === null ? file.value.record : { settings: layerOf(draft.settings, draft.overrides) });
}

async function loadGroup(place: FilePlace, name: string, unsaved: Unsaved | null): Promise<Outcome<GroupRecord>> {
  const file = await loadGroupFile(place, name);
  if (!file.ok) return file;
  const draft = unsavedFor(unsaved, { kind: 'group', name });
  const { record } = file.value;
  return done(draft === null ? record : { ...record, settings: layerOf(draft.settings, draft.overrides) });
}

function unsavedFor(unsaved: Unsaved | null, scope: Scope): ScopeDraft | null {
  return unsaved !== null && isSameScope(unsaved.scope, scope) ? unsaved.draft : null;
}

/** Whether two scopes are the same place. */
export function isSameScope(a: Scope, b: Scope): boolean {
  if (a.kind === 'fleet' || b.kind === 'fleet') return a.kind === b.kind;
  return a.kind === b.kind && a.name === b.name;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function remembered<K, V>(values: Map<K, V>, key: K, make: () => V): V {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  return made;
}
