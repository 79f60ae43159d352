// The fleet as a folder of plain files that people can read, diff and share: the whole fleet's settings, groups,
// gateways, lists, certificates. Every write is locked, atomic and one commit; an unreadable file is reported and never
// overwritten. No secret enters it.
import type { GatewayRecord, LastPush } from '#contract/fleet';
import type { Sha256 } from '#contract/files';
import { done, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import type { GatewaySettings } from '#contract/settings';
import type { SettingOrigins, SettingPath } from '#contract/settings-layer';
import { loadCertificate, planCertificate } from './certificate-files.ts';
import { loadDraft, planDraft } from './draft-files.ts';
import { namesIn } from './durable-files.ts';
import { gatewaysWithin, loadEveryScope } from './every-scope.ts';
import { createFolderHistory, type FolderHistory, type Person } from './folder-history.ts';
import { commitOf, createFolderWriter, reportingDisk } from './folder-writer.ts';
import type { BeforeWrite, FolderWriter, Planner } from './folder-writer.ts';
import { createGatewayFiles } from './gateway-files.ts';
import {
  planAddGroup,
  planMoveGateways,
  planMoveGroup,
  planRemoveGroup,
  planRenameGroup,
  planRestoreGroup,
  planTagGateways,
} from './group-changes.ts';
import { listGroups, type GroupEntry } from './group-files.ts';
import { loadList, type ListFile } from './list-files.ts';
import { createReachFiles, type ReachFiles } from './reach-files.ts';
import { planRemoval, planRestoration } from './removal.ts';
import { createScopeView, type GatewayResolution, type ScopeView, type Unsaved } from './scope-view.ts';
import {
  listSharedLists,
  loadSharedList,
  planRemoveList,
  planRestoreList,
  planSharedList,
  type SharedListEntry,
  type SharedListSave,
} from './shared-lists.ts';

/** One file of `gateways/`: what it says, or why it cannot be read (with the line). */
export type FleetEntry = { name: string; record: GatewayRecord } | { name: string; unreadable: string };

/** What a settings screen edits: the settings in force at a scope, which of them are set there, its own entries. */
export type ScopeDraft = {
  settings: GatewaySettings;
  overrides: SettingPath[];
  denyText: string;
  permitText: string;
};

/** A draft as it lies in the folder. `savedVersion` changes with the scope's own settings and lists only. */
export type SavedDraft = {
  draft: ScopeDraft;
  savedVersion: string;
  /** What counts where the scope sets nothing, and who says so. */
  inherited: { settings: GatewaySettings; origins: SettingOrigins };
  /** By field, who below sets it itself: 'mx1', 'group edge'. */
  deviations: Record<string, string[]>;
  lastPush: LastPush | null;
};

export type DraftSave = { draft: ScopeDraft; savedVersion: string; words: string };

type Committed = Promise<Outcome<{ commit: string }>>;
/** `undo` is the commit that still holds what was removed: what `restore` takes. */
type Removed = Promise<Outcome<{ undo: string }>>;

export type FleetFolder = ReachFiles & {
  readonly path: string;
  readonly who: Person;
  list(): Promise<Outcome<FleetEntry[]>>;
  load(name: string): Promise<Outcome<GatewayRecord>>;
  /** `exists` when the name is taken, by an unreadable file too. */
  add(name: string, record: GatewayRecord): Committed;
  save(name: string, record: GatewayRecord, words: string): Committed;
  /** Changes what lies in the file at that moment, so that two changes at once both stay. */
  update(name: string, change: RecordChange): Committed;
  remove(name: string): Removed;
  restore(name: string, undo: string): Committed;
  recordPush(name: string, lastPush: LastPush): Committed;

  /** Brings into git what of the audit log no save has taken along; one commit at most. */
  keepAudit(): Promise<Outcome<void>>;

  loadDraft(scope: Scope): Promise<Outcome<SavedDraft>>;
  /** `conflict` when the scope's settings or lists were changed since `savedVersion` was loaded. */
  saveDraft(scope: Scope, save: DraftSave): Promise<Outcome<{ savedVersion: string; commit: string }>>;
  /** What a gateway is given: its own, its groups' and the fleet's settings; as saved, or with one scope's draft. */
  resolve(name: string, unsaved?: Unsaved): Promise<Outcome<GatewayResolution>>;
  /** For many gateways in one go: reads each group once. */
  view(): ScopeView;
  /** The names of the gateways that a scope reaches. */
  reach(scope: Scope): Promise<Outcome<string[]>>;

  listGroups(): Promise<Outcome<GroupEntry[]>>;
  addGroup(name: string, parent: string | null): Committed;
  moveGroup(name: string, parent: string | null): Committed;
  /** Its members stay in it. `exists` when the new name is taken. */
  renameGroup(name: string, newName: string): Committed;
  /** Its members go up to its parent. */
  removeGroup(name: string): Removed;
  /** Its members come back, unless they went elsewhere meanwhile. */
  restoreGroup(name: string, undo: string): Committed;
  moveGateways(names: readonly string[], group: string | null): Committed;
  tagGateways(names: readonly string[], tags: { add: readonly string[]; remove: readonly string[] }): Committed;

  loadList(name: string): Promise<Outcome<ListFile>>;
  listSharedLists(): Promise<Outcome<SharedListEntry[]>>;
  loadSharedList(name: string): Promise<Outcome<{ text: string; savedVersion: string }>>;
  saveSharedList(save: SharedListSave): Promise<Outcome<{ savedVersion: string }>>;
  removeSharedList(name: string): Removed;
  restoreSharedList(name: string, undo: string): Committed;

  loadCertificate(sha256: Sha256): Promise<Outcome<string>>;
  storeCertificate(pem: string, words: string): Promise<Outcome<{ sha256: Sha256 }>>;
};

export type RecordChange = { words: string; change: (record: GatewayRecord) => GatewayRecord };

/** Opens a fleet folder; it and its repository are made by the first save. `who` is the author of every commit. */
export async function openFleetFolder(
  path: string,
  who: Person,
  beforeWrite?: BeforeWrite,
): Promise<Outcome<FleetFolder>> {
  return reportingDisk(path, async () => {
    await namesIn(path); // a folder that is a file, or may not be read, is noticed now
    const history = createFolderHistory(path, who);
    const place: Place = { path, history, writer: createFolderWriter(path, history, beforeWrite) };
    return done<FleetFolder>({
      path,
      who,
      ...createGatewayFiles(path, place.writer),
      remove: (name) => undoOf(place, (claimed) => planRemoval(path, claimed, name)),
      restore: (name, undo) => commitOf(place.writer.write(() => planRestoration(path, history, { name, undo }))),
      keepAudit: () => place.writer.keepAudit(),
      ...settingsOf(place),
      ...groupsOf(place),
      ...listsOf(place),
      ...createReachFiles(path, place.writer),
      loadCertificate: (sha256) => reportingDisk(path, () => loadCertificate(path, sha256)),
      async storeCertificate(pem, words) {
        const written = await place.writer.write(() => planCertificate(path, pem, words));
        return written.ok ? done({ sha256: written.value.value }) : written;
      },
    });
  });
}

type Place = { path: string; history: FolderHistory; writer: FolderWriter };

function settingsOf({
  path,
  writer,
}: Place): Pick<FleetFolder, 'loadDraft' | 'saveDraft' | 'resolve' | 'view' | 'reach'> {
  return {
    loadDraft: (scope) => reportingDisk(path, () => loadDraft(path, scope)),
    async saveDraft(scope, save) {
      const written = await writer.write(() => planDraft(path, scope, save));
      return written.ok ? done({ savedVersion: written.value.value, commit: written.value.commit }) : written;
    },
    resolve: (name, unsaved) => reportingDisk(path, () => createScopeView(path, unsaved).resolve(name)),
    view: () => createScopeView(path),
    reach: (scope) =>
      reportingDisk(path, async () => {
        const every = await loadEveryScope(path);
        return every.ok ? done(gatewaysWithin(every.value, scope)) : every;
      }),
  };
}

type Groups = 'listGroups' | `${'add' | 'move' | 'rename' | 'remove' | 'restore'}Group` | `${'move' | 'tag'}Gateways`;

function groupsOf(place: Place): Pick<FleetFolder, Groups> {
  const { path, history, writer } = place;
  return {
    listGroups: () => reportingDisk(path, async () => done(await listGroups(path))),
    addGroup: (name, parent) => commitOf(writer.write(() => planAddGroup(path, name, parent))),
    moveGroup: (name, parent) => commitOf(writer.write(() => planMoveGroup(path, name, parent))),
    renameGroup: (name, newName) => commitOf(writer.write(() => planRenameGroup(path, name, newName))),
    removeGroup: (name) => undoOf(place, (claimed) => planRemoveGroup(path, claimed, name)),
    restoreGroup: (name, undo) => commitOf(writer.write(() => planRestoreGroup(path, history, { name, undo }))),
    moveGateways: (names, group) => commitOf(writer.write(() => planMoveGateways(path, names, group))),
    tagGateways: (names, tags) => commitOf(writer.write(() => planTagGateways(path, names, tags))),
  };
}

type Lists = 'loadList' | 'listSharedLists' | `${'load' | 'save' | 'remove' | 'restore'}SharedList`;

function listsOf(place: Place): Pick<FleetFolder, Lists> {
  const { path, history, writer } = place;
  return {
    loadList: (name) => reportingDisk(path, () => loadList(path, name)),
    listSharedLists: () => reportingDisk(path, () => listSharedLists(path)),
    loadSharedList: (name) => reportingDisk(path, () => loadSharedList(path, name)),
    async saveSharedList(save) {
      const written = await writer.write(() => planSharedList(path, save));
      return written.ok ? done({ savedVersion: written.value.value }) : written;
    },
    removeSharedList: (name) => undoOf(place, (claimed) => planRemoveList(path, claimed, name)),
    restoreSharedList: (name, undo) => commitOf(writer.write(() => planRestoreList(path, history, { name, undo }))),
  };
}

async function undoOf({ writer }: Place, plan: Planner<string>): Removed {
  const removed = await writer.write(plan);
  return removed.ok ? done({ undo: removed.value.value }) : removed;
}
