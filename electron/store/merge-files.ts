// Two versions of any file of the fleet folder joined: settings by field, lists by entry, logs by length, all else whole.
import { isUtf8 } from 'node:buffer';
import { Credential, JumpHost } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { FleetName } from '#contract/settings';
import { parseFleetDefaults, parseGroup } from './group-files.ts';
import { scopeOfPath } from './history-scopes.ts';
import { readEntries } from './list-files.ts';
import { mergeLists } from './merge-lists.ts';
import { mergeRecords } from './merge-records.ts';
import { sideOf, type Choices, type FieldConflict, type JoinedFile, type Versions } from './merge-values.ts';
import { parseKnownRecord } from './record-files.ts';
import { parseYaml } from './yaml-text.ts';

/** `onSome` is awaited on the way through a large file; it may end the work by throwing. */
export type FileMerge = {
  path: string;
  files: Versions<Buffer | null>;
  choices: Choices;
  onSome: () => Promise<void>;
};

/** Nothing is written. Fails where the file cannot be read on a side that changed it. */
export async function mergeFile({ path, files, choices, onSome }: FileMerge): Promise<Outcome<JoinedFile>> {
  const { base, ours, theirs } = files;
  const side = sideOf(files, isSame) ?? longerLog(path, files) ?? choices[path];
  if (side !== undefined) return done({ content: files[side], conflicts: [] });
  // Removed on one side, changed on the other: there are no fields to compare.
  if (ours === null || theirs === null) return done(wholeConflict(path, files));
  const texts = { base: base?.toString('utf8') ?? '', ours: ours.toString('utf8'), theirs: theirs.toString('utf8') };
  const scope = scopeOfPath(path);
  const joined = scope === null || base === null ? null : mergeRecords({ path, scope, texts, choices });
  if (joined !== null) return joined;
  if (isList(path)) return done(await mergeLists({ path, about: aboutList(path), texts, choices, onSome }));
  return done(wholeConflict(path, files));
}

function isSame(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

/** An audit log is only appended to: where one goes on behind the other, it holds both. */
function longerLog(path: string, { ours, theirs }: Versions<Buffer | null>): 'ours' | 'theirs' | null {
  if (!path.startsWith('audit/') || ours === null || theirs === null) return null;
  if (ours.subarray(0, theirs.length).equals(theirs)) return 'ours';
  return theirs.subarray(0, ours.length).equals(ours) ? 'theirs' : null;
}

function wholeConflict(path: string, { base, ours, theirs }: Versions<Buffer | null>): JoinedFile {
  const words = (content: Buffer | null, where: string) => {
    if (content === null) return 'Removed';
    return base === null ? `Added ${where}` : `Changed ${where}`;
  };
  const { scope, label } = isList(path) ? aboutList(path) : { scope: scopeOfPath(path), label: path };
  const conflict: FieldConflict = {
    id: path,
    scope: scope ?? { kind: 'fleet' },
    label,
    base: base === null ? 'Not there' : 'As it was',
    ours: words(ours, 'here'),
    theirs: words(theirs, 'there'),
  };
  return { content: ours, conflicts: [conflict] };
}

function isList(path: string): boolean {
  return /^lists\/[^/]+\.txt$/.test(path);
}

/** A gateway's own lists carry its name. */
function aboutList(path: string): { scope: Scope; label: string } {
  const [, rawName, kind] = /^lists\/(.+)-(deny|permit)\.txt$/.exec(path) ?? [];
  const name = FleetName.safeParse(rawName);
  if (kind === undefined || !name.success) return { scope: { kind: 'fleet' }, label: path };
  return { scope: { kind: 'gateway', name: name.data }, label: kind === 'deny' ? 'Deny list' : 'Permit list' };
}

/** Why a file cannot be what its place says; null: it can, or nobody knows better. */
export async function reasonAgainst(path: string, content: Buffer): Promise<string | null> {
  if (!/\.(yaml|txt|pem)$/.test(path) || !path.includes('/')) {
    if (path !== 'fleet.yaml') return null;
  }
  if (!isUtf8(content)) return 'It is not UTF-8 text.';
  const text = content.toString('utf8');
  const folder = path.split('/')[0];
  if (isList(path)) {
    const read = await readEntries('The list', text);
    return read.ok ? null : read.problem.message;
  }
  if (!path.endsWith('.yaml')) return null;
  const read = readYaml(folder ?? '', text);
  return read === null || read.ok ? null : read.reason;
}

function readYaml(folder: string, text: string): { ok: true } | { ok: false; reason: string } | null {
  if (folder === 'gateways') return parseKnownRecord(text);
  if (folder === 'groups') return parseGroup(text);
  if (folder === 'fleet.yaml') return parseFleetDefaults(text);
  if (folder === 'credentials') return parseYaml(text, Credential);
  return folder === 'jump-hosts' ? parseYaml(text, JumpHost) : null;
}

/** Files that nobody may bring into this folder: git's own, our lock, links, names that lead elsewhere. */
export function refusePath(path: string, mode: string): Outcome<void> {
  const isOdd = path
    .split('/')
    .some(
      (part) => part === '' || /^\.+$/.test(part) || /[\\:\p{Cc}]/u.test(part) || /^\.?git(~\d+)?[ .]*$/i.test(part),
    );
  const isOurs = /^\.postern/i.test(path) || path.endsWith('.new');
  if (!isOdd && !isOurs && (mode === '100644' || mode === '100755')) return done(undefined);
  const message = `The remote holds ${path}, which is no ordinary file or has a name that Postern does not write.`;
  return failed('folder-unreadable', message, 'Remove it from the remote with git. Nothing was changed here.');
}
