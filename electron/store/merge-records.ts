// Two versions of a file of settings joined field by field, and each field that both changed told in words.
import { isDeepStrictEqual } from 'node:util';
import { FleetDefaults, GatewayRecord, GroupRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { resolveSettings, settingPaths, valueAt, type SettingPath, type SettingsLayer } from '#contract/settings-layer';
import { settingInWords, settingLabel } from '#contract/setting-words';
import { formatFleetDefaults, formatGroup, parseFleetDefaults, parseGroup } from './group-files.ts';
import { sideOf, type Choices, type FieldConflict, type JoinedFile, type Versions } from './merge-values.ts';
import { parseKnownRecord } from './record-files.ts';
import { formatRecord } from './record-text.ts';
import type { ReadYaml } from './yaml-text.ts';

type AnyRecord = { settings: SettingsLayer };

type Kind = {
  parse(text: string): ReadYaml<AnyRecord>;
  /** The text of a record that was put together here; the reason where it is none. */
  format(raw: unknown, existing: string): Outcome<string>;
};

const kinds: Record<Scope['kind'], Kind> = {
  gateway: {
    parse: parseKnownRecord,
    format: (raw, text) => formatted(GatewayRecord.safeParse(raw), formatRecord, text),
  },
  group: { parse: parseGroup, format: (raw, text) => formatted(GroupRecord.safeParse(raw), formatGroup, text) },
  fleet: {
    parse: parseFleetDefaults,
    format: (raw, text) => formatted(FleetDefaults.safeParse(raw), formatFleetDefaults, text),
  },
};

type Read<T> = { success: true; data: T } | { success: false; error: { issues: { message: string }[] } };

function formatted<T>(read: Read<T>, format: (record: T, text: string) => string, text: string): Outcome<string> {
  if (read.success) return done(format(read.data, text));
  return failed('folder-unreadable', read.error.issues[0]?.message ?? 'It is not understood.');
}

export type RecordMerge = { path: string; scope: Scope; texts: Versions<string>; choices: Choices };

/** Written into our text, so that our comments and order stay. null where one of the three cannot be read. */
export function mergeRecords({ path, scope, texts, choices }: RecordMerge): Outcome<JoinedFile> | null {
  const kind = kinds[scope.kind];
  const read = { base: kind.parse(texts.base), ours: kind.parse(texts.ours), theirs: kind.parse(texts.theirs) };
  if (!read.base.ok || !read.ours.ok || !read.theirs.ok) return null;
  const records = { base: read.base.value, ours: read.ours.value, theirs: read.theirs.value };
  const fields = { base: fieldsOf(records.base), ours: fieldsOf(records.ours), theirs: fieldsOf(records.theirs) };
  const conflicts: FieldConflict[] = [];
  const joined: Branch = {};
  for (const field of new Set([...fields.base.keys(), ...fields.ours.keys(), ...fields.theirs.keys()])) {
    const versions = { base: fields.base.get(field), ours: fields.ours.get(field), theirs: fields.theirs.get(field) };
    const id = `${path}#${field}`;
    const side = sideOf(versions, isDeepStrictEqual) ?? newerPush(field, versions) ?? choices[id];
    if (side === undefined) conflicts.push({ id, scope, ...tell(field, records) });
    const value = versions[side ?? 'ours'];
    if (value !== undefined) setAt(joined, field, value);
  }
  const text = kind.format(joined, texts.ours);
  if (text.ok) return done({ content: Buffer.from(text.value, 'utf8'), conflicts });
  return failed('folder-unreadable', `${path} makes no sense once both sides are joined. ${text.problem.message}`);
}

type Branch = { [key: string]: unknown };

/** Every setting is one value, every part of how it is reached, and all else as a whole. */
function fieldsOf({ settings, ...rest }: AnyRecord): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [key, value] of Object.entries(rest)) {
    if (key !== 'ssh') fields.set(key, value);
    else for (const [part, own] of Object.entries(value as Branch)) fields.set(`ssh.${part}`, own); // parsed as SshAddress
  }
  fields.set('settings', {});
  for (const path of settingPaths) {
    const value = valueAt(settings, path);
    if (value !== undefined) fields.set(`settings.${path}`, value);
  }
  return fields;
}

function setAt(branch: Branch, field: string, value: unknown): void {
  const keys = field.split('.');
  const last = keys.pop() ?? '';
  let place = branch;
  for (const key of keys) place = (place[key] ??= {}) as Branch; // only branches stand above a field
  place[last] = typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

/** What an appliance was last given is a fact: the later one holds. */
function newerPush(field: string, { ours, theirs }: Versions<unknown>): 'ours' | 'theirs' | null {
  if (field !== 'lastPush') return null;
  const at = (push: unknown) =>
    typeof push === 'object' && push !== null && 'at' in push && typeof push.at === 'string' ? Date.parse(push.at) : 0;
  return at(theirs) > at(ours) ? 'theirs' : 'ours';
}

type Told = Pick<FieldConflict, 'label' | 'base' | 'ours' | 'theirs'>;

function tell(field: string, records: Versions<AnyRecord>): Told {
  const setting = settingPaths.find((path) => field === `settings.${path}`);
  if (setting !== undefined) return tellSetting(setting, records);
  const words = (record: AnyRecord) => valueInWords(fieldsOf(record).get(field));
  const label = labels[field] ?? field;
  return { label, base: words(records.base), ours: words(records.ours), theirs: words(records.theirs) };
}

function tellSetting(path: SettingPath, { base, ours, theirs }: Versions<AnyRecord>): Told {
  const label = settingLabel(path);
  if (path === 'connections.tls.privateKey') {
    return { label, base: 'As before', ours: 'Changed here', theirs: 'Changed there' };
  }
  const words = ({ settings }: AnyRecord) =>
    valueAt(settings, path) === undefined
      ? 'Inherited'
      : settingInWords(resolveSettings([{ origin: { kind: 'fleet' }, layer: settings }]).settings, path);
  return { label, base: words(base), ours: words(ours), theirs: words(theirs) };
}

const labels: Record<string, string> = {
  'ssh.host': 'SSH host',
  'ssh.port': 'SSH port',
  'ssh.user': 'SSH user',
  'ssh.signIn': 'Way to sign in',
  'ssh.credential': 'Credential',
  'ssh.jumps': 'Jump hosts',
  'ssh.readsSshConfig': 'Reads ssh_config',
  hostKeys: 'Pinned host keys',
  isLocal: 'Runs on this computer',
  group: 'Group',
  tags: 'Tags',
  parent: 'Group above',
};

/** 'None', 'Yes', 'a, b'; of an object what a person compares, never where a key lies. */
function valueInWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'None';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'None' : value.map(valueInWords).join(', ');
  if (typeof value === 'object' && 'fingerprint' in value) return String(value.fingerprint);
  if (typeof value === 'object' && 'kind' in value) return String(value.kind);
  return 'Something else';
}
