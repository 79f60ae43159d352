// Where gateways' records lie in the fleet folder, and reading one of them.
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { readPlainFile } from './durable-files.ts';
import { createRecentValues } from './recent-values.ts';
import { maxRecordBytes, parseRecord } from './record-text.ts';

/** A record with its text: what a change is written into. */
export type RecordFile = { record: GatewayRecord; text: string };

/** 16 Mi characters: ten thousand gateways as people write them. */
const recentRecords = createRecentValues<GatewayRecord>(16 * 1024 * 1024);

/** The path inside the folder. */
export function recordPath(name: string): string {
  return `gateways/${FleetName.parse(name)}.yaml`; // a name with a slash never reaches the disk
}

/** Reads one record; an unreadable one fails with its line and reason and stays as it is. */
export async function loadRecordFile(folder: string, name: string): Promise<Outcome<RecordFile>> {
  if (!FleetName.safeParse(name).success) {
    const hint = 'Files in gateways/ are named in lower case, as the gateway, and end in .yaml.';
    return failed('not-found', `${name} is no name for a gateway.`, hint);
  }
  const path = recordPath(name);
  const file = await readPlainFile(join(folder, path), maxRecordBytes);
  if (file.kind === 'missing') return failed('not-found', `There is no gateway named ${name} in the fleet folder.`);
  const hint = 'Correct the file; Postern leaves it as it is.';
  if (file.kind === 'refused') return failed('folder-unreadable', `${path} cannot be read. ${file.reason}`, hint);
  if (!isUtf8(file.content)) return failed('folder-unreadable', `${path} cannot be read. It is not UTF-8 text.`, hint);
  const text = file.content.toString('utf8');
  const known = recentRecords.get(text);
  if (known !== undefined) return done({ record: known, text });
  const read = parseRecord(text);
  if (!read.ok) return failed('folder-unreadable', `${path} cannot be read. ${read.reason}`, hint);
  freeze(read.record); // everybody who reads the same text shares it
  recentRecords.set(text, read.record, text.length);
  return done({ record: read.record, text });
}

function freeze(value: object): void {
  Object.freeze(value);
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member);
}
