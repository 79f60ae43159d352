// The fleet as a folder of plain files that people can read, diff and share: gateways, lists, certificates. Every
// write is locked, atomic and one commit; an unreadable file is reported and never overwritten. No secret enters it.
import { join } from 'node:path';
import type { GatewayRecord, LastPush } from '#contract/fleet';
import type { Sha256 } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName, type GatewaySettings } from '#contract/settings';
import { loadCertificate, planCertificate } from './certificate-files.ts';
import { loadDraft, planDraft } from './draft-files.ts';
import { namesIn } from './durable-files.ts';
import { createFolderHistory, type Person } from './folder-history.ts';
import { createFolderWriter, reportingDisk, type FolderWriter, type Plan } from './folder-writer.ts';
import { loadList, type ListFile } from './list-files.ts';
import { createPushRecorder } from './push-recorder.ts';
import { loadRecordFile, recordPath } from './record-files.ts';
import { formatRecord } from './record-text.ts';
import { planRemoval, planRestoration } from './removal.ts';

/** One file of `gateways/`: what it says, or why it cannot be read (with the line). */
export type FleetEntry = { name: string; record: GatewayRecord } | { name: string; unreadable: string };

/** What a settings screen edits: settings with the texts of both lists in the import format. */
export type GatewayDraft = { settings: GatewaySettings; denyText: string; permitText: string };

/** A draft as it lies in the folder. `savedVersion` changes with settings and lists, not with a push. */
export type SavedDraft = { draft: GatewayDraft; savedVersion: string; lastPush: LastPush | null };

export type DraftSave = { draft: GatewayDraft; savedVersion: string; words: string };

export type FleetFolder = {
  readonly path: string;
  readonly who: Person;
  list(): Promise<Outcome<FleetEntry[]>>;
  load(name: string): Promise<Outcome<GatewayRecord>>;
  /** `exists` when the name is taken, by an unreadable file too. */
  add(name: string, record: GatewayRecord): Promise<Outcome<{ commit: string }>>;
  save(name: string, record: GatewayRecord, words: string): Promise<Outcome<{ commit: string }>>;
  /** Changes what lies in the file at that moment, so that two changes at once both stay. */
  update(name: string, change: RecordChange): Promise<Outcome<{ commit: string }>>;
  /** `undo` is the commit that still holds the gateway: what `restore` takes. */
  remove(name: string): Promise<Outcome<{ undo: string }>>;
  restore(name: string, undo: string): Promise<Outcome<{ commit: string }>>;
  loadDraft(name: string): Promise<Outcome<SavedDraft>>;
  /** `conflict` when settings or lists were changed since `savedVersion` was loaded. */
  saveDraft(name: string, save: DraftSave): Promise<Outcome<{ savedVersion: string; commit: string }>>;
  recordPush(name: string, lastPush: LastPush): Promise<Outcome<{ commit: string }>>;
  loadList(name: string): Promise<Outcome<ListFile>>;
  loadCertificate(sha256: Sha256): Promise<Outcome<string>>;
  storeCertificate(pem: string, words: string): Promise<Outcome<{ sha256: Sha256 }>>;
};

export type RecordChange = { words: string; change: (record: GatewayRecord) => GatewayRecord };

/** Opens a fleet folder; it and its repository are made by the first save. `who` is the author of every commit. */
export async function openFleetFolder(path: string, who: Person): Promise<Outcome<FleetFolder>> {
  return reportingDisk(path, async () => {
    await namesIn(path); // a folder that is a file, or may not be read, is noticed now
    const history = createFolderHistory(path, who);
    const writer = createFolderWriter(path, history);
    return done<FleetFolder>({
      path,
      who,
      ...gatewayFiles(path, writer),
      async remove(name) {
        const removed = await writer.write((claimed) => planRemoval(path, claimed, name));
        return removed.ok ? done({ undo: removed.value.value }) : removed;
      },
      restore: (name, undo) => commitOf(writer.write(() => planRestoration(path, history, { name, undo }))),
      loadDraft: (name) => reportingDisk(path, () => loadDraft(path, name)),
      async saveDraft(name, save) {
        const written = await writer.write(() => planDraft(path, name, save));
        return written.ok ? done({ savedVersion: written.value.value, commit: written.value.commit }) : written;
      },
      loadList: (name) => reportingDisk(path, () => loadList(path, name)),
      loadCertificate: (sha256) => reportingDisk(path, () => loadCertificate(path, sha256)),
      async storeCertificate(pem, words) {
        const written = await writer.write(() => planCertificate(path, pem, words));
        return written.ok ? done({ sha256: written.value.value }) : written;
      },
    });
  });
}

type GatewayFiles = Pick<FleetFolder, 'list' | 'load' | 'add' | 'save' | 'update' | 'recordPush'>;

function gatewayFiles(path: string, writer: FolderWriter): GatewayFiles {
  const update: FleetFolder['update'] = (name, { words, change }) =>
    commitOf(
      writer.write(async () => {
        const file = await loadRecordFile(path, name);
        return file.ok ? planRecord(name, change(file.value.record), { words, existing: file.value.text }) : file;
      }),
    );
  return {
    list: () => reportingDisk(path, () => listEntries(path)),
    load: (name) =>
      reportingDisk(path, async () => {
        const file = await loadRecordFile(path, name);
        return file.ok ? done(file.value.record) : file;
      }),
    add: (name, record) =>
      commitOf(
        writer.write(async () => {
          const free = await refuseTaken(path, name);
          return free.ok ? planRecord(name, record, { words: `Add ${name}`, existing: null }) : free;
        }),
      ),
    save: (name, record, words) =>
      commitOf(
        writer.write(async () => {
          const file = await loadRecordFile(path, name);
          if (!file.ok && file.problem.code !== 'not-found') return file;
          return planRecord(name, record, { words, existing: file.ok ? file.value.text : null });
        }),
      ),
    update,
    recordPush: createPushRecorder(path, writer),
  };
}

type RecordWrite = { words: string; existing: string | null };

function planRecord(name: string, record: GatewayRecord, { words, existing }: RecordWrite): Outcome<Plan<null>> {
  const checked = FleetName.safeParse(name);
  if (!checked.success) return failed('bad-request', `${name} is no name for a gateway.`);
  const content = formatRecord(record, existing);
  return done({
    words: words === '' ? `Change ${name}` : words,
    changes: [{ path: recordPath(name), content }],
    value: null,
  });
}

async function refuseTaken(path: string, name: string): Promise<Outcome<void>> {
  const file = await loadRecordFile(path, name);
  if (!file.ok && file.problem.code === 'not-found') return done(undefined);
  return failed('exists', `There is a gateway named ${name} already.`, 'Choose another name.');
}

async function listEntries(path: string): Promise<Outcome<FleetEntry[]>> {
  const entries: FleetEntry[] = [];
  for (const fileName of await namesIn(join(path, 'gateways'))) {
    if (fileName.startsWith('.') || !/\.ya?ml$/i.test(fileName)) continue;
    const name = fileName.replace(/\.ya?ml$/i, '');
    if (fileName !== `${name}.yaml` || !FleetName.safeParse(name).success) {
      entries.push({ name: fileName, unreadable: 'A gateway file is named in lower case and ends in .yaml.' });
      continue;
    }
    const file = await loadRecordFile(path, name);
    if (file.ok) entries.push({ name, record: file.value.record });
    else if (file.problem.code !== 'not-found') entries.push({ name, unreadable: file.problem.message });
  }
  return done(entries);
}

async function commitOf(writing: Promise<Outcome<{ commit: string }>>): Promise<Outcome<{ commit: string }>> {
  const written = await writing;
  return written.ok ? done({ commit: written.value.commit }) : written;
}
