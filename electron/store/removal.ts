// Taking a gateway out of the fleet and bringing it back from history, with the lists that only it used.
import { join } from 'node:path';
import type { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { readPlainFile } from './durable-files.ts';
import { layersOf, listsNamedBy, loadEveryScope, unreadableOf } from './every-scope.ts';
import type { ClaimedHistory, FileChange, FolderHistory } from './folder-history.ts';
import type { Plan } from './folder-writer.ts';
import { listPath, loadList } from './list-files.ts';
import { loadRecordFile, recordPath } from './record-files.ts';
import { parseRecord } from './record-text.ts';

/** The value is the commit that `planRestoration` brings the gateway back from. */
export async function planRemoval(
  folder: string,
  history: ClaimedHistory,
  name: string,
): Promise<Outcome<Plan<string>>> {
  const file = await loadRecordFile(folder, name);
  if (!file.ok) return file;
  const lists = await listsOnlyOf(folder, name, file.value.record);
  const texts: FileChange[] = [{ path: recordPath(name), content: file.value.text }];
  for (const list of lists) {
    const read = await loadList(folder, list);
    if (read.ok) texts.push({ path: listPath(list), content: read.value.text });
  }
  // Edits by hand that no commit holds yet would be lost: they get one first.
  const kept = await history.prepare(texts, `Keep ${name} as it was before its removal`);
  await kept.land();
  const changes = texts.map(({ path }) => ({ path, content: null }));
  return done({ words: `Remove ${name}`, changes, value: kept.commit });
}

/** A list that somebody else names stays; so does every list while a file that may name it cannot be read. */
async function listsOnlyOf(folder: string, name: string, record: GatewayRecord): Promise<string[]> {
  const own = new Set(listsNamedBy(record.settings).own);
  const every = await loadEveryScope(folder);
  if (!every.ok || unreadableOf(every.value).length > 0) return [];
  for (const { scope, layer } of layersOf(every.value)) {
    const named = listsNamedBy(layer);
    const isItself = scope.kind === 'gateway' && scope.name === name;
    for (const used of isItself ? named.shared : [...named.own, ...named.shared]) own.delete(used);
  }
  return [...own];
}

/** Brings back record and lists as they were; what exists now under these names is not touched. */
export async function planRestoration(
  folder: string,
  history: FolderHistory,
  { name, undo }: { name: string; undo: string },
): Promise<Outcome<Plan<null>>> {
  const present = await loadRecordFile(folder, name);
  if (present.ok || present.problem.code !== 'not-found') {
    return failed('exists', `There is a gateway named ${name} already.`, 'Remove or rename it first.');
  }
  const found = await findRecord(history, name, undo);
  if (found === null) return failed('not-found', `That version of the fleet folder holds no gateway named ${name}.`);
  const changes: FileChange[] = [];
  for (const list of listsNamedBy(found.record.settings).own) {
    const path = listPath(list);
    const text = await history.readAt(path, found.commit);
    const here = await readPlainFile(join(folder, path), Number.POSITIVE_INFINITY);
    if (text !== null && here.kind === 'missing') changes.push({ path, content: text });
  }
  changes.push({ path: recordPath(name), content: found.text });
  return done({ words: `Bring back ${name}`, changes, value: null });
}

/** In the commit itself, or in the one before it where the commit is the removal. */
async function findRecord(
  history: FolderHistory,
  name: string,
  undo: string,
): Promise<{ commit: string; text: string; record: GatewayRecord } | null> {
  for (const commit of [undo, await history.parentOf(undo)]) {
    const text = commit === null ? null : await history.readAt(recordPath(name), commit);
    if (commit === null || text === null) continue;
    const read = parseRecord(text);
    if (read.ok) return { commit, text, record: read.value };
  }
  return null;
}
