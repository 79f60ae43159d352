// Lists that several scopes use: `lists/<name>.txt` that is not one gateway's own. Edited like any list, and never
// taken away while somebody counts on it.
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { sha256Of } from '#certificates/hash';
import { namesIn } from './durable-files.ts';
import { layersOf, listsNamedBy, loadEveryScope, scopeInWords, unreadableOf, type EveryScope } from './every-scope.ts';
import type { ClaimedHistory, FolderHistory } from './folder-history.ts';
import type { Plan } from './folder-writer.ts';
import { listPath, loadList, readEntries } from './list-files.ts';

/** A shared list with its users in words; `entries` is 0 where it cannot be read. */
export type SharedListEntry = { name: string; entries: number; usedBy: string[]; unreadable: string | null };

/** Every list that may be shared, by name; one that is named somewhere and missing is told as well. */
export async function listSharedLists(folder: string): Promise<Outcome<SharedListEntry[]>> {
  const every = await loadEveryScope(folder);
  if (!every.ok) return every;
  const { own, users } = usersOf(every.value);
  const files = (await namesIn(join(folder, 'lists'))).flatMap((name) => /^([^.].*)\.txt$/.exec(name)?.[1] ?? []);
  const names = new Set([
    ...files.filter((name) => !own.has(name) && FleetName.safeParse(name).success),
    ...users.keys(),
  ]);
  const entries: SharedListEntry[] = [];
  for (const name of [...names].toSorted()) {
    entries.push({ name, usedBy: users.get(name) ?? [], ...(await describeList(folder, name)) });
  }
  return done(entries);
}

async function describeList(folder: string, name: string): Promise<Pick<SharedListEntry, 'entries' | 'unreadable'>> {
  const file = await loadList(folder, name);
  if (!file.ok) return { entries: 0, unreadable: file.problem.message };
  const read = await readEntries(sharedName(name), file.value.text, file.value.sha256);
  return read.ok ? { entries: read.value.entries, unreadable: null } : { entries: 0, unreadable: read.problem.message };
}

/** How a refused line names its list. */
export function sharedName(name: string): string {
  return `The shared list ${name}`;
}

/** Own lists of gateways, and by shared list the scopes that name it. One that is both counts as shared. */
function usersOf(every: EveryScope): { own: Set<string>; users: Map<string, string[]> } {
  const own = new Set<string>();
  const users = new Map<string, string[]>();
  for (const { scope, layer } of layersOf(every)) {
    const named = listsNamedBy(layer);
    for (const name of named.own) own.add(name);
    for (const name of new Set(named.shared)) users.set(name, [...(users.get(name) ?? []), scopeInWords(scope)]);
  }
  for (const name of users.keys()) own.delete(name);
  return { own, users };
}

/** The text as it lies in the folder; `savedVersion` guards the next save against a second editor. */
export async function loadSharedList(
  folder: string,
  name: string,
): Promise<Outcome<{ text: string; savedVersion: string }>> {
  const file = await loadList(folder, name);
  return file.ok ? done({ text: file.value.text, savedVersion: file.value.sha256 }) : file;
}

export type SharedListSave = { name: string; text: string; savedVersion: string | null };

/** Plans a save; `savedVersion: null` makes a new list. The value is the new version. */
export async function planSharedList(folder: string, save: SharedListSave): Promise<Outcome<Plan<string>>> {
  const { name, savedVersion } = save;
  if (!FleetName.safeParse(name).success) return failed('bad-request', `${name} is no name for a list.`);
  const present = await loadList(folder, name);
  if (!present.ok && present.problem.code !== 'not-found') return present;
  if (savedVersion === null && present.ok) {
    return failed('exists', `There is a list named ${name} already.`, 'Choose another name.');
  }
  if (savedVersion !== null && (!present.ok || present.value.sha256 !== savedVersion)) {
    return failed('conflict', `The list ${name} was changed meanwhile.`, 'Load it again, then repeat your change.');
  }
  const read = await readEntries(sharedName(name), save.text);
  if (!read.ok) return read;
  const { kept } = read.value;
  const words = savedVersion === null ? `Add list ${name}` : `Change list ${name}`;
  return done({ words, changes: [{ path: listPath(name), content: kept }], value: sha256Of(kept) });
}

/** Plans the removal; refused while anybody uses the list, or while a file that may use it cannot be read. */
export async function planRemoveList(
  folder: string,
  history: ClaimedHistory,
  name: string,
): Promise<Outcome<Plan<string>>> {
  const file = await loadList(folder, name);
  if (!file.ok) return file;
  const every = await loadEveryScope(folder);
  if (!every.ok) return every;
  const [unreadable] = unreadableOf(every.value);
  if (unreadable !== undefined) {
    return failed('folder-unreadable', `Nobody can tell who uses ${name}: ${unreadable}`, 'Correct that file first.');
  }
  const { own, users } = usersOf(every.value);
  const usedBy = users.get(name) ?? (own.has(name) ? ['a gateway, as its own list'] : []);
  if (usedBy.length > 0) {
    const hint = 'Take it out of their settings first.';
    return failed('exists', `The list ${name} is used by ${usedBy.join(', ')}.`, hint);
  }
  // An edit by hand that no commit holds yet would be lost: it gets one first.
  const change = { path: listPath(name), content: file.value.text };
  const kept = await history.prepare([change], `Keep list ${name} as it was before its removal`);
  await kept.land();
  return done({ words: `Remove list ${name}`, changes: [{ path: listPath(name), content: null }], value: kept.commit });
}

/** Brings a list back as it was in a commit. */
export async function planRestoreList(
  folder: string,
  history: FolderHistory,
  { name, undo }: { name: string; undo: string },
): Promise<Outcome<Plan<null>>> {
  const present = await loadList(folder, name);
  if (present.ok || present.problem.code !== 'not-found') {
    return failed('exists', `There is a list named ${name} already.`, 'Remove or rename it first.');
  }
  const text = await history.readAt(listPath(name), undo);
  if (text === null) return failed('not-found', `That version of the fleet folder holds no list named ${name}.`);
  return done({ words: `Bring back list ${name}`, changes: [{ path: listPath(name), content: text }], value: null });
}
