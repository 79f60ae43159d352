// A gateway's settings and the texts of its lists as one document: loaded together, saved together, guarded against
// a second editor.
import { join } from 'node:path';
import { canonicalJson } from '#contract/canonical-json';
import type { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName, GatewaySettings } from '#contract/settings';
import { sha256Of } from '#certificates/hash';
import { namesIn } from './durable-files.ts';
import type { DraftSave, SavedDraft } from './fleet-folder.ts';
import type { FileChange } from './folder-history.ts';
import type { Plan } from './folder-writer.ts';
import { listPath, loadList, readEntries } from './list-files.ts';
import { loadRecordFile, recordPath } from './record-files.ts';
import { formatRecord } from './record-text.ts';

/** Loads settings and list texts; a list that is named and missing fails the whole. */
export async function loadDraft(folder: string, name: string): Promise<Outcome<SavedDraft>> {
  const file = await loadRecordFile(folder, name);
  return file.ok ? draftOf(folder, file.value.record) : file;
}

async function draftOf(folder: string, record: GatewayRecord): Promise<Outcome<SavedDraft>> {
  const { settings, lastPush } = record;
  const deny = await loadText(folder, settings.connections.control.denyList);
  if (!deny.ok) return deny;
  const permit = await loadText(folder, settings.connections.control.permitList);
  if (!permit.ok) return permit;
  const draft = { settings, denyText: deny.value, permitText: permit.value };
  return done({ draft, savedVersion: versionOf(draft), lastPush });
}

async function loadText(folder: string, list: string | null): Promise<Outcome<string>> {
  if (list === null) return done('');
  const file = await loadList(folder, list);
  return file.ok ? done(file.value.text) : file;
}

/** Only what an editor edits: a push or a new host key in between takes nothing from anybody. */
function versionOf({ settings, denyText, permitText }: SavedDraft['draft']): string {
  const parts = [canonicalJson(GatewaySettings.parse(settings)), sha256Of(denyText), sha256Of(permitText)];
  return sha256Of(parts.join('\n'));
}

/** Plans the save of both lists and the record; the value is the new `savedVersion`. */
export async function planDraft(folder: string, name: string, save: DraftSave): Promise<Outcome<Plan<string>>> {
  const file = await loadRecordFile(folder, name);
  if (!file.ok) return file;
  const { record, text } = file.value;
  const present = await draftOf(folder, record);
  if (!present.ok) return present;
  if (present.value.savedVersion !== save.savedVersion) {
    return failed('conflict', `The settings of ${name} were changed meanwhile.`, 'Load them again, then repeat yours.');
  }
  const control = save.draft.settings.connections.control;
  const lists: PlannedList[] = [];
  for (const kind of ['deny', 'permit'] as const) {
    const before = record.settings.connections.control[`${kind}List`];
    const shown = present.value.draft[`${kind}Text`];
    const wish = { gateway: name, kind, before, shown, named: control[`${kind}List`], text: save.draft[`${kind}Text`] };
    const list = await planList(folder, wish);
    if (!list.ok) return list;
    lists.push(list.value);
  }
  const [deny, permit] = lists;
  if (deny === undefined || permit === undefined) throw new Error('Two lists were planned.');
  const connections = {
    ...save.draft.settings.connections,
    control: { ...control, denyList: deny.name, permitList: permit.name },
  };
  const settings = { ...save.draft.settings, connections };
  const content = formatRecord({ ...record, settings }, text);
  return done({
    words: save.words.trim() === '' ? `Change ${name}` : save.words,
    changes: [...deny.changes, ...permit.changes, { path: recordPath(name), content }],
    value: versionOf({ settings, denyText: deny.text, permitText: permit.text }),
  });
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
