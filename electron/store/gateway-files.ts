// Gateways' records in the fleet folder: listed, loaded, added, changed.
import type { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { commitOf, reportingDisk, type FolderWriter, type Plan } from './folder-writer.ts';
import type { FleetFolder } from './fleet-folder.ts';
import { createPushRecorder } from './push-recorder.ts';
import { listRecords, loadRecordFile, recordPath } from './record-files.ts';
import { formatRecord } from './record-text.ts';

type GatewayFiles = Pick<FleetFolder, 'list' | 'load' | 'add' | 'save' | 'update' | 'recordPush'>;

/** What a fleet folder does with single gateways. */
export function createGatewayFiles(path: string, writer: FolderWriter): GatewayFiles {
  return {
    list: () => reportingDisk(path, () => listRecords(path)),
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
    update: (name, { words, change }) =>
      commitOf(
        writer.write(async () => {
          const file = await loadRecordFile(path, name);
          return file.ok ? planRecord(name, change(file.value.record), { words, existing: file.value.text }) : file;
        }),
      ),
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
