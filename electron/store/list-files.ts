// Address lists in the fleet folder: `lists/<name>.txt`, in the import format, edited by hand or by the app.
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { sha256Of } from '#certificates/hash';
import { readAt, type FilePlace } from './file-place.ts';
import { maxListBytes, normaliseList, type NormalList } from './list-text.ts';
import { createRecentValues } from './recent-values.ts';
import { createStampedReads } from './stamped-reads.ts';

/** A list as it lies in the folder. */
export type ListFile = { text: string; sha256: string };

/** The path inside the folder. */
export function listPath(name: string): string {
  return `lists/${FleetName.parse(name)}.txt`;
}

/** Reads a list. A missing one is a failure: taking it for empty would open what its entries close. */
export async function loadList(place: FilePlace, name: string): Promise<Outcome<ListFile>> {
  const path = listPath(name);
  return typeof place === 'string'
    ? stampedLists(join(place, path), () => readList(place, path))
    : readList(place, path);
}

const stampedLists = createStampedReads<ListFile>(maxListBytes, ({ text }) => text.length);

async function readList(place: FilePlace, path: string): Promise<Outcome<ListFile>> {
  const file = await readAt(place, path, maxListBytes);
  if (file.kind === 'missing') return failed('not-found', `${path} is missing in the fleet folder.`, 'Bring it back.');
  if (file.kind === 'refused') return failed('folder-unreadable', `${path} cannot be read. ${file.reason}`);
  if (!isUtf8(file.content)) {
    return failed('folder-unreadable', `${path} cannot be read. It is not UTF-8 text.`, 'Save it as UTF-8.');
  }
  return done({ text: file.content.toString('utf8'), sha256: sha256Of(file.content) });
}

/** Lists read last, by the hash of their text: a million lines take a second to read, and most do not change. */
const recentLists = createRecentValues<NormalList>(maxListBytes);

/** Reads every line of a list; refuses it with line and reason, as a hand-edited file may be wrong. */
export async function readEntries(name: string, text: string, sha256 = sha256Of(text)): Promise<Outcome<NormalList>> {
  const known = recentLists.get(sha256);
  if (known !== undefined) return done(known);
  const read = await normaliseList(name, text);
  if (!read.ok) return read;
  recentLists.set(sha256, read.value, text.length);
  return read;
}
