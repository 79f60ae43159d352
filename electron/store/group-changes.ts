// Changes of who belongs where: groups made, moved, removed and brought back, gateways moved and tagged. Each is one
// commit, however many files it touches.
import type { GatewayRecord, GroupRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { groupsWithin, loadEveryScope, unreadableOf, type EveryScope } from './every-scope.ts';
import type { ClaimedHistory, FileChange, FolderHistory } from './folder-history.ts';
import type { Plan } from './folder-writer.ts';
import { formatGroup, groupPath, loadGroupFile, parseGroup } from './group-files.ts';
import { loadRecordFile, recordPath } from './record-files.ts';
import { formatRecord, parseRecord } from './record-text.ts';

/** Makes a group. `exists` when the name is taken, by an unreadable file too. */
export async function planAddGroup(folder: string, name: string, parent: string | null): Promise<Outcome<Plan<null>>> {
  const free = await requireFreeName(folder, name);
  if (!free.ok) return free;
  const known = await requireGroup(folder, parent);
  if (!known.ok) return known;
  const content = formatGroup({ parent, settings: {} }, null);
  const words = parent === null ? `Add group ${name}` : `Add group ${name} below ${parent}`;
  return done({ words, changes: [{ path: groupPath(name), content }], value: null });
}

/** Puts a group below another one, or at the top. */
export async function planMoveGroup(folder: string, name: string, parent: string | null): Promise<Outcome<Plan<null>>> {
  const known = await requireGroup(folder, parent);
  if (!known.ok) return known;
  const every = await loadEveryScope(folder);
  if (!every.ok) return every;
  if (parent !== null && groupsWithin(every.value, name).has(parent)) {
    const message = `Group ${parent} is ${parent === name ? 'the same group' : `below ${name}`}: groups would lie in a circle.`;
    return failed('bad-request', message, 'Choose another place.');
  }
  const change = await changeGroup(folder, name, (record) => ({ ...record, parent }));
  if (!change.ok) return change;
  return done({ words: `Move group ${name} ${placeInWords(parent)}`, changes: [change.value.after], value: null });
}

/** Gives a group another name: its file moves, and everything that is in it or below it follows in the same commit. */
export async function planRenameGroup(folder: string, name: string, newName: string): Promise<Outcome<Plan<null>>> {
  const free = await requireFreeName(folder, newName);
  if (!free.ok) return free;
  const file = await loadGroupFile(folder, name);
  if (!file.ok) return file;
  const every = await loadEveryScope(folder);
  if (!every.ok) return every;
  const [unreadable] = unreadableOf(every.value);
  if (unreadable !== undefined) {
    // It may belong to the group: it would be left in one that is gone.
    return failed('folder-unreadable', `Nobody can tell all that is in ${name}: ${unreadable}`, 'Correct it first.');
  }
  const changes: FileChange[] = [{ path: groupPath(newName), content: file.value.text }];
  const { groups, gateways } = membersOf(every.value, name);
  for (const group of groups) {
    const change = await changeGroup(folder, group, (record) => ({ ...record, parent: newName }));
    if (!change.ok) return change;
    changes.push(change.value.after);
  }
  for (const gateway of gateways) {
    const change = await changeGateway(folder, gateway, (record) => ({ ...record, group: newName }));
    if (!change.ok) return change;
    changes.push(change.value.after);
  }
  changes.push({ path: groupPath(name), content: null });
  return done({ words: `Rename group ${name} to ${newName}`, changes, value: null });
}

async function requireFreeName(folder: string, name: string): Promise<Outcome<void>> {
  if (!FleetName.safeParse(name).success) return failed('bad-request', `${name} is no name for a group.`);
  const present = await loadGroupFile(folder, name);
  if (!present.ok && present.problem.code === 'not-found') return done(undefined);
  return failed('exists', `There is a group named ${name} already.`, 'Choose another name.');
}

/** Takes a group away; what was in it goes up. The value is the commit that `planRestoreGroup` brings it back from. */
export async function planRemoveGroup(
  folder: string,
  history: ClaimedHistory,
  name: string,
): Promise<Outcome<Plan<string>>> {
  const file = await loadGroupFile(folder, name);
  if (!file.ok) return file;
  const { parent } = file.value.record;
  const every = await loadEveryScope(folder);
  if (!every.ok) return every;
  const { groups, gateways } = membersOf(every.value, name);
  const changes: FileChange[] = [];
  const texts: FileChange[] = [{ path: groupPath(name), content: file.value.text }];
  for (const group of groups) {
    const change = await changeGroup(folder, group, (record) => ({ ...record, parent }));
    if (!change.ok) return change;
    texts.push(change.value.before);
    changes.push(change.value.after);
  }
  for (const gateway of gateways) {
    const change = await changeGateway(folder, gateway, (record) => ({ ...record, group: parent }));
    if (!change.ok) return change;
    texts.push(change.value.before);
    changes.push(change.value.after);
  }
  // Edits by hand that no commit holds yet would be lost: they get one first.
  const kept = await history.prepare(texts, `Keep group ${name} as it was before its removal`);
  await kept.land();
  changes.push({ path: groupPath(name), content: null });
  return done({
    words: removalWords(name, parent, [...groups.map((group) => `group ${group}`), ...gateways]),
    changes,
    value: kept.commit,
  });
}

function removalWords(name: string, parent: string | null, members: string[]): string {
  if (members.length === 0) return `Remove group ${name}`;
  const goes = members.length === 1 ? 'goes' : 'go';
  return `Remove group ${name}\n\nWhat it set is gone for these, which ${goes} ${placeInWords(parent)}:\n${members.join('\n')}`;
}

/** Brings a group back, and into it those who were in it and are still where its removal put them. */
export async function planRestoreGroup(
  folder: string,
  history: FolderHistory,
  { name, undo }: { name: string; undo: string },
): Promise<Outcome<Plan<null>>> {
  const present = await loadGroupFile(folder, name);
  if (present.ok || present.problem.code !== 'not-found') {
    return failed('exists', `There is a group named ${name} already.`, 'Remove or rename it first.');
  }
  const text = await history.readAt(groupPath(name), undo);
  const read = text === null ? null : parseGroup(text);
  if (text === null || read?.ok !== true) {
    return failed('not-found', `That version of the fleet folder holds no group named ${name}.`);
  }
  const { parent } = read.value;
  const every = await loadEveryScope(folder);
  if (!every.ok) return every;
  const changes: FileChange[] = [{ path: groupPath(name), content: text }];
  const above = membersOf(every.value, parent);
  for (const gateway of above.gateways) {
    const before = await history.readAt(recordPath(gateway), undo);
    const record = before === null ? null : parseRecord(before);
    if (record?.ok !== true || record.value.group !== name) continue;
    const change = await changeGateway(folder, gateway, (now) => ({ ...now, group: name }));
    if (change.ok) changes.push(change.value.after);
  }
  for (const group of above.groups) {
    const before = await history.readAt(groupPath(group), undo);
    const record = before === null ? null : parseGroup(before);
    if (record?.ok !== true || record.value.parent !== name) continue;
    const change = await changeGroup(folder, group, (now) => ({ ...now, parent: name }));
    if (change.ok) changes.push(change.value.after);
  }
  return done({ words: `Bring back group ${name}`, changes, value: null });
}

/** Puts gateways into a group, or into none. */
export async function planMoveGateways(
  folder: string,
  names: readonly string[],
  group: string | null,
): Promise<Outcome<Plan<null>>> {
  const known = await requireGroup(folder, group);
  if (!known.ok) return known;
  const words = group === null ? 'out of every group' : `into group ${group}`;
  return planGateways(folder, names, {
    words: `Move ${inWords(names)} ${words}`,
    change: (record) => ({ ...record, group }),
  });
}

/** Adds tags and takes others away. */
export async function planTagGateways(
  folder: string,
  names: readonly string[],
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): Promise<Outcome<Plan<null>>> {
  const signs = [...add.map((tag) => `+${tag}`), ...remove.map((tag) => `-${tag}`)].join(' ');
  const change = (record: GatewayRecord): GatewayRecord => {
    const kept = record.tags.filter((tag) => !remove.includes(tag));
    return { ...record, tags: [...new Set([...kept, ...add])] };
  };
  return planGateways(folder, names, { words: `Tag ${inWords(names)}: ${signs}`, change });
}

type ManyChange = { words: string; change: (record: GatewayRecord) => GatewayRecord };

async function planGateways(folder: string, names: readonly string[], many: ManyChange): Promise<Outcome<Plan<null>>> {
  const changes: FileChange[] = [];
  for (const name of new Set(names)) {
    const change = await changeGateway(folder, name, many.change);
    if (!change.ok) return change;
    changes.push(change.value.after);
  }
  return done({ words: many.words, changes, value: null });
}

/** Names that fit into a line; more are told by their count, the commit's files name them. */
function inWords(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.length} gateways`;
}

function placeInWords(parent: string | null): string {
  return parent === null ? 'to the top' : `below ${parent}`;
}

function membersOf(every: EveryScope, group: string | null): { groups: string[]; gateways: string[] } {
  const groups = every.groups.filter((entry) => 'record' in entry && entry.record.parent === group);
  const gateways = every.gateways.filter((entry) => 'record' in entry && entry.record.group === group);
  return { groups: groups.map(({ name }) => name), gateways: gateways.map(({ name }) => name) };
}

async function requireGroup(folder: string, group: string | null): Promise<Outcome<void>> {
  if (group === null) return done(undefined);
  const file = await loadGroupFile(folder, group);
  return file.ok ? done(undefined) : file;
}

/** A file before and after. */
type Changed = { before: FileChange; after: FileChange };

async function changeGroup(
  folder: string,
  name: string,
  change: (record: GroupRecord) => GroupRecord,
): Promise<Outcome<Changed>> {
  const file = await loadGroupFile(folder, name);
  if (!file.ok) return file;
  const { record, text } = file.value;
  const path = groupPath(name);
  return done({ before: { path, content: text }, after: { path, content: formatGroup(change(record), text) } });
}

async function changeGateway(
  folder: string,
  name: string,
  change: (record: GatewayRecord) => GatewayRecord,
): Promise<Outcome<Changed>> {
  const file = await loadRecordFile(folder, name);
  if (!file.ok) return file;
  const { record, text } = file.value;
  const path = recordPath(name);
  return done({ before: { path, content: text }, after: { path, content: formatRecord(change(record), text) } });
}
