// Taking over what somebody changed on a gateway: chosen fields go into its own layer, and what runs there becomes the
// base of the next push, which then brings back ours for every other field without a conflict.
import type { Change } from '#contract/difference';
import type { FileReference } from '#contract/files';
import type { LastPush } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { GatewaySettings } from '#contract/settings';
import { ownListPaths, SettingPath, valueAt, withFieldsOf } from '#contract/settings-layer';
import type { FleetFolder, ScopeDraft } from '../store/fleet-folder.ts';
import type { DriftReport } from './drift-report.ts';
import type { Drift, KnownRelease } from './find-drift.ts';
import { ownEntriesFor } from './own-entries.ts';

export type Taking = { drift: Drift; fields: 'all' | readonly string[] };

/** Saves the fields and records the base. The value is the commit, and what was taken over, in words. */
export async function takeDrift(
  folder: FleetFolder,
  { drift, fields }: Taking,
): Promise<Outcome<{ commit: string; words: string }>> {
  const { report, theirs } = drift;
  const { gateway, running } = report;
  if (running === null)
    return failed('not-found', `Nothing is confirmed on ${gateway}: there is nothing to take over.`);
  const changes = chooseChanges(report, fields);
  if (!changes.ok) return changes;
  const labels = changes.value.map(({ label }) => label);
  const words =
    labels.length === 0 ? `Keep ours for ${gateway}` : `Take over from ${gateway}: ${[...new Set(labels)].join(', ')}`;
  if (changes.value.length > 0) {
    if (theirs === null) return failed('not-found', `What lies on ${gateway} cannot be taken over.`, report.limits[0]);
    const saved = await saveFields(folder, { gateway, theirs, changes: changes.value, words });
    if (!saved.ok) return saved;
  }
  const recorded = await folder.recordPush(gateway, baseOf(report, running));
  return recorded.ok ? done({ commit: recorded.value.commit, words }) : recorded;
}

/** The gateway's own note of who brought it; nobody here pushed it. */
function baseOf({ author, at }: DriftReport, revision: string): LastPush {
  return { revision, at: at ?? new Date().toISOString(), by: author ?? 'unknown', pushId: '' };
}

function chooseChanges({ difference, gateway }: DriftReport, fields: Taking['fields']): Outcome<Change[]> {
  if (fields === 'all') return done(difference);
  const strangers = fields.filter((field) => !difference.some((change) => change.field === field));
  if (strangers.length > 0) {
    const hint = 'Look at the difference again: it may have changed meanwhile.';
    return failed('bad-request', `${gateway} did not change ${strangers.join(', ')}.`, hint);
  }
  return done(difference.filter(({ field }) => fields.includes(field)));
}

type Fields = { gateway: string; theirs: KnownRelease; changes: readonly Change[]; words: string };

async function saveFields(folder: FleetFolder, { gateway, theirs, changes, words }: Fields): Promise<Outcome<unknown>> {
  const scope: Scope = { kind: 'gateway', name: gateway };
  const saved = await folder.loadDraft(scope);
  if (!saved.ok) return saved;
  const paths = changes.map(({ field }) => SettingPath.parse(field)); // each field of a difference is a setting
  const certificates = await storeCertificates(folder, { theirs, paths, words });
  if (!certificates.ok) return certificates;
  const values = paths.filter((path) => !ownListPaths.includes(path));
  let draft = takeValues(saved.value.draft, {
    settings: settingsOf(theirs),
    inherited: saved.value.inherited.settings,
    values,
  });
  for (const kind of ['deny', 'permit'] as const) {
    if (!paths.includes(`connections.control.${kind}List`)) continue;
    const taken = await takeList(folder, { draft, theirs, kind });
    if (!taken.ok) return taken;
    draft = taken.value;
  }
  return folder.saveDraft(scope, { draft, savedVersion: saved.value.savedVersion, words });
}

type Values = { settings: GatewaySettings; inherited: GatewaySettings; values: readonly SettingPath[] };

/** A value that is inherited anyway needs no override: the gateway follows its group again. */
function takeValues(draft: ScopeDraft, { settings, inherited, values }: Values): ScopeDraft {
  const overrides = new Set(draft.overrides);
  for (const path of values) {
    const isInherited = JSON.stringify(valueAt(settings, path)) === JSON.stringify(valueAt(inherited, path));
    if (isInherited) overrides.delete(path);
    else overrides.add(path);
  }
  return { ...draft, settings: withFieldsOf(draft.settings, settings, values), overrides: [...overrides] };
}

/** Configuration to settings: file references become hashes; lists are taken over by their entries. */
function settingsOf({ config }: KnownRelease): GatewaySettings {
  const { schemaVersion: _, connections, ...rest } = config;
  const { control, tls } = connections;
  const hash = (reference: FileReference | null): string | null => reference?.sha256 ?? null;
  return GatewaySettings.parse({
    ...rest,
    connections: {
      ...connections,
      control: { mode: control.mode },
      tls: {
        ...tls,
        certificate: hash(tls.certificate),
        privateKey: hash(tls.privateKey),
        caCertificate: hash(tls.caCertificate),
        outgoingCa: hash(tls.outgoingCa),
      },
    },
  });
}

type Certificates = { theirs: KnownRelease; paths: readonly SettingPath[]; words: string };

/** A private key stays where it is: the gateway keeps the one that the configuration names. */
async function storeCertificates(folder: FleetFolder, { theirs, paths, words }: Certificates): Promise<Outcome<void>> {
  for (const name of ['certificate', 'caCertificate', 'outgoingCa'] as const) {
    const reference = theirs.config.connections.tls[name];
    if (reference === null || !paths.includes(`connections.tls.${name}`)) continue;
    const content = theirs.contents.get(reference.sha256);
    if (content === undefined) {
      const present = await folder.loadCertificate(reference.sha256);
      if (!present.ok) return failed('not-found', `The content of ${reference.path} did not come from the gateway.`);
      continue;
    }
    const stored = await folder.storeCertificate(content.toString('utf8'), words);
    if (!stored.ok) return stored;
    if (stored.value.sha256 !== reference.sha256) {
      return failed('certificate-rejected', `${reference.path} on the gateway is no text that can be kept as it is.`);
    }
  }
  return done(undefined);
}

type List = { draft: ScopeDraft; theirs: KnownRelease; kind: 'deny' | 'permit' };

async function takeList(folder: FleetFolder, { draft, theirs, kind }: List): Promise<Outcome<ScopeDraft>> {
  const reference = theirs.config.connections.control[`${kind}List`];
  const content = reference === null ? Buffer.alloc(0) : theirs.contents.get(reference.sha256);
  if (content === undefined) return failed('not-found', `The ${kind} list did not come from the gateway.`);
  const sharedField = kind === 'deny' ? 'sharedDenyLists' : 'sharedPermitLists';
  const shared: string[] = [];
  for (const name of draft.settings.connections.control[sharedField]) {
    const list = await folder.loadList(name);
    if (!list.ok) return list;
    shared.push(list.value.text);
  }
  const { own, leavesShared } = ownEntriesFor(content.toString('utf8'), shared, draft[`${kind}Text`]);
  const taken = kind === 'deny' ? { ...draft, denyText: own } : { ...draft, permitText: own };
  if (!leavesShared) return done(taken);
  const settings = structuredClone(draft.settings);
  settings.connections.control[sharedField] = [];
  const overrides = [...new Set([...draft.overrides, `connections.control.${sharedField}` as const])];
  return done({ ...taken, settings, overrides });
}
