// Where gateways' records lie in the fleet folder, and reading one or all of them.
import { join } from 'node:path';
import type { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { namesIn } from './durable-files.ts';
import type { FilePlace } from './file-place.ts';
import type { FleetEntry } from './fleet-folder.ts';
import { parseRecord } from './record-text.ts';
import { createYamlReader, parseOnce, type YamlFile } from './yaml-files.ts';

/** A record with its text: what a change is written into. */
export type RecordFile = YamlFile<GatewayRecord>;

const knownRecords = parseOnce(parseRecord);

/** A record by its text: a thousand records that nobody changed are read once, wherever they lie. */
export const parseKnownRecord = knownRecords.parse;

const readRecord = createYamlReader(knownRecords);

/** Files looked at together; the disk answers them side by side. */
const readAtOnce = 64;

/** The path inside the folder. */
export function recordPath(name: string): string {
  return `gateways/${FleetName.parse(name)}.yaml`; // a name with a slash never reaches the disk
}

/** Reads one record; an unreadable one fails with its line and reason and stays as it is. */
export async function loadRecordFile(place: FilePlace, name: string): Promise<Outcome<RecordFile>> {
  if (!FleetName.safeParse(name).success) {
    const hint = 'Files in gateways/ are named in lower case, as the gateway, and end in .yaml.';
    return failed('not-found', `${name} is no name for a gateway.`, hint);
  }
  const file = await readRecord(place, recordPath(name));
  if (file.ok || file.problem.code !== 'not-found') return file;
  return failed('not-found', `There is no gateway named ${name} in the fleet folder.`);
}

/** Every file of `gateways/`, by name; one that cannot be read says why. */
export async function listRecords(folder: string): Promise<Outcome<FleetEntry[]>> {
  const found = await listYaml(folder, 'gateways', (name) => loadRecordFile(folder, name));
  return done(found.map(({ name, file }) => ('record' in file ? { name, record: file.record } : { name, ...file })));
}

export type YamlEntry<T> = { name: string; file: YamlFile<T> | { unreadable: string } };

/** Every YAML file of a sub-folder, by name. */
export async function listYaml<T>(
  folder: string,
  sub: string,
  load: (name: string) => Promise<Outcome<YamlFile<T>>>,
): Promise<YamlEntry<T>[]> {
  const fileNames = (await namesIn(join(folder, sub))).filter((name) => /^[^.].*\.ya?ml$/i.test(name));
  const entries: YamlEntry<T>[] = [];
  for (let start = 0; start < fileNames.length; start += readAtOnce) {
    const some = fileNames.slice(start, start + readAtOnce);
    for (const entry of await Promise.all(some.map((fileName) => readEntry(sub, fileName, load)))) {
      if (entry !== null) entries.push(entry);
    }
  }
  return entries;
}

async function readEntry<T>(
  sub: string,
  fileName: string,
  load: (name: string) => Promise<Outcome<YamlFile<T>>>,
): Promise<YamlEntry<T> | null> {
  const name = fileName.replace(/\.ya?ml$/i, '');
  if (fileName !== `${name}.yaml` || !FleetName.safeParse(name).success) {
    const unreadable = `A file in ${sub}/ is named in lower case and ends in .yaml.`;
    return { name: fileName, file: { unreadable } };
  }
  const file = await load(name);
  if (file.ok) return { name, file: file.value };
  // Gone between the listing and the look.
  return file.problem.code === 'not-found' ? null : { name, file: { unreadable: file.problem.message } };
}
