// Settings of one scope as a document: loaded together with what is inherited and, for a gateway, the texts of its
// lists; saved together, guarded against a second editor.
import { join } from 'node:path';
import { canonicalJson } from '#contract/canonical-json';
import type { FleetDefaults, GatewayRecord, GroupRecord, LastPush } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { FleetName } from '#contract/settings';
import {
  layerOf,
  overridesOf,
  ownListPaths,
  resolveSettings,
  type ScopedLayer,
  type SettingsLayer,
} from '#contract/settings-layer';
import { sha256Of } from '#certificates/hash';
import { namesIn } from './durable-files.ts';
import { deviationsBelow, loadEveryScope, scopeInWords } from './every-scope.ts';
import type { DraftSave, SavedDraft } from './fleet-folder.ts';
import type { FileChange } from './folder-history.ts';
import type { Plan } from './folder-writer.ts';
import { fleetPath, formatFleetDefaults, formatGroup, groupPath, loadFleetFile, loadGroupFile } from './group-files.ts';
import { listPath, loadList, readEntries } from './list-files.ts';
import { loadRecordFile, recordPath } from './record-files.ts';
import { formatRecord } from './record-text.ts';
import { createScopeView, loadOwnTexts } from './scope-view.ts';

/** A scope as its file holds it. */
type ScopeContent = {
  layer: SettingsLayer;
  denyText: string;
  permitText: string;
  /** The group above it; null: only the fleet, if anything. */
  group: string | null;
  lastPush: LastPush | null;
  /** The whole file with another layer in it. */
  write: (layer: SettingsLayer) => FileChange;
};

/** Loads settings, list texts and what is inherited; a list that is named and missing fails the whole. */
export async function loadDraft(folder: string, scope: Scope): Promise<Outcome<SavedDraft>> {
  const content = await loadContent(folder, scope);
  if (!content.ok) return content;
  const { layer, group, denyText, permitText, lastPush } = content.value;
  const above = await layersAbove(folder, scope, group);
  if (!above.ok) return above;
  const every = scope.kind === 'gateway' ? null : await loadEveryScope(folder);
  if (every?.ok === false) return every;
  const { settings } = resolveSettings([{ origin: scope, layer }, ...above.value]);
  return done({
    draft: { settings, overrides: overridesOf(layer), denyText, permitText },
    savedVersion: versionOf(content.value),
    inherited: resolveSettings(above.value),
    deviations: every === null ? {} : deviationsBelow(every.value, scope),
    lastPush,
  });
}

async function layersAbove(folder: string, scope: Scope, group: string | null): Promise<Outcome<ScopedLayer[]>> {
  return scope.kind === 'fleet' ? done([]) : createScopeView(folder).chainOf(group);
}

async function loadContent(folder: string, scope: Scope): Promise<Outcome<ScopeContent>> {
  if (scope.kind === 'gateway') return loadGatewayContent(folder, scope.name);
  const noLists = { denyText: '', permitText: '', lastPush: null };
  if (scope.kind === 'fleet') {
    const file = await loadFleetFile(folder);
    if (!file.ok) return file;
    const { record, text } = file.value;
    const write = (settings: FleetDefaults['settings']): FileChange => ({
      path: fleetPath,
      content: formatFleetDefaults({ settings }, text),
    });
    return done({ ...noLists, layer: record.settings, group: null, write });
  }
  const file = await loadGroupFile(folder, scope.name);
  if (!file.ok) return file;
  const { record, text } = file.value;
  const write = (settings: GroupRecord['settings']): FileChange => ({
    path: groupPath(scope.name),
    content: formatGroup({ ...record, settings }, text),
  });
  return done({ ...noLists, layer: record.settings, group: record.parent, write });
}

async function loadGatewayContent(folder: string, name: string): Promise<Outcome<ScopeContent>> {
  const file = await loadRecordFile(folder, name);
  if (!file.ok) return file;
  const { record, text } = file.value;
  const texts = await loadOwnTexts(folder, record);
  if (!texts.ok) return texts;
  const write = (settings: GatewayRecord['settings']): FileChange => ({
    path: recordPath(name),
    content: formatRecord({ ...record, settings }, text),
  });
  return done({ ...texts.value, layer: record.settings, group: record.group, lastPush: record.lastPush, write });
}

/** Only what an editor edits: a push, a new host key or another group takes nothing from anybody. */
function versionOf({ layer, denyText, permitText }: Pick<ScopeContent, 'layer' | 'denyText' | 'permitText'>): string {
  return sha256Of([canonicalJson(layer), sha256Of(denyText), sha256Of(permitText)].join('\n'));
}

/** Plans the save of both lists and the scope's file; the value is the new `savedVersion`. */
export async function planDraft(folder: string, scope: Scope, save: DraftSave): Promise<Outcome<Plan<string>>> {
  const present = await loadContent(folder, scope);
  if (!present.ok) return present;
  const words = save.words.trim() === '' ? `Change ${scopeInWords(scope)}` : save.words;
  if (versionOf(present.value) !== save.savedVersion) {
    const whose = `The settings of ${scopeInWords(scope)}`;
    return failed('conflict', `${whose} were changed meanwhile.`, 'Load them again, then repeat yours.');
  }
  const overrides = save.draft.overrides.filter((path) => !ownListPaths.includes(path));
  const layer = layerOf(save.draft.settings, overrides);
  if (scope.kind !== 'gateway') {
    const next = { layer, denyText: '', permitText: '' };
    if (save.draft.denyText !== '' || save.draft.permitText !== '') {
      return failed('bad-request', 'Only a gateway has a list of its own.', 'Use a shared list here.');
    }
    return done({ words, changes: [present.value.write(layer)], value: versionOf(next) });
  }
  const lists = await planOwnLists(folder, { gateway: scope.name, present: present.value, draft: save.draft });
  if (!lists.ok) return lists;
  const { deny, permit } = lists.value;
  const named = withOwnLists(layer, { denyList: deny.name, permitList: permit.name });
  return done({
    words,
    changes: [...deny.changes, ...permit.changes, present.value.write(named)],
    value: versionOf({ layer: named, denyText: deny.text, permitText: permit.text }),
  });
}

type ListNames = { denyList: string | null; permitList: string | null };

/** A list that is not there is not set; one that is there is the gateway's own by its nature. */
function withOwnLists(layer: SettingsLayer, { denyList, permitList }: ListNames): SettingsLayer {
  if (denyList === null && permitList === null) return layer;
  const control = {
    ...layer.connections?.control,
    ...(denyList === null ? {} : { denyList }),
    ...(permitList === null ? {} : { permitList }),
  };
  return { ...layer, connections: { ...layer.connections, control } };
}

type OwnLists = { gateway: string; present: ScopeContent; draft: DraftSave['draft'] };

async function planOwnLists(
  folder: string,
  { gateway, present, draft }: OwnLists,
): Promise<Outcome<{ deny: PlannedList; permit: PlannedList }>> {
  const planOne = (kind: 'deny' | 'permit'): Promise<Outcome<PlannedList>> =>
    planList(folder, {
      gateway,
      kind,
      before: present.layer.connections?.control?.[`${kind}List`] ?? null,
      shown: present[`${kind}Text`],
      named: draft.settings.connections.control[`${kind}List`],
      text: draft[`${kind}Text`],
    });
  const deny = await planOne('deny');
  if (!deny.ok) return deny;
  const permit = await planOne('permit');
  return permit.ok ? done({ deny: deny.value, permit: permit.value }) : permit;
}

type ListWish = {
  gateway: string;
  kind: 'deny' | 'permit';
  before: string | null;
  shown: string;
  named: string | null;
  text: string;
};
type PlannedList = { name: string | null; text: string; changes: FileChange[] };

/** Untouched text is left as a person wrote it; anything else is brought to the one spelling of each entry. */
async function planList(folder: string, wish: ListWish): Promise<Outcome<PlannedList>> {
  const { gateway, kind, before, text, shown } = wish;
  const named = wish.named ?? before;
  if (named !== before && named !== null) {
    const other = await loadList(folder, named); // the text belongs to the list before: it must not replace this one
    if (other.ok) return done({ name: named, text: other.value.text, changes: [] });
    if (other.problem.code !== 'not-found') return other;
  } else if (text === shown) return done({ name: named, text, changes: [] });
  const name = named ?? (await freeListName(folder, gateway, kind));
  const read = await readEntries(`The ${kind} list`, text);
  if (!read.ok) return read;
  const content = read.value.kept;
  return done({
    name,
    text: content,
    changes: content === shown && named === before ? [] : [{ path: listPath(name), content }],
  });
}

/** `<gateway>-deny`; a file of that name which somebody else made is not taken over. */
async function freeListName(folder: string, gateway: string, kind: 'deny' | 'permit'): Promise<string> {
  const taken = new Set(await namesIn(join(folder, 'lists')));
  const own = defaultListName(gateway, kind);
  for (let number = 1; number < 1000; number++) {
    const name = number === 1 ? own : `${own}-${number}`;
    if (!taken.has(`${name}.txt`)) return name;
  }
  throw new Error('A thousand lists of one gateway: something makes them in a loop.');
}

/** The list that a gateway gets when it has none. A long name is cut, with a hash that keeps it unique. */
function defaultListName(gateway: string, kind: 'deny' | 'permit'): string {
  const name = `${gateway}-${kind}`;
  const short = `${gateway.slice(0, 70).replace(/[.-]+$/, '')}-${sha256Of(gateway).slice(0, 12)}-${kind}`;
  return FleetName.safeParse(`${name}-999`).success ? name : short;
}
