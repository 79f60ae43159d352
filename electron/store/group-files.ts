// `groups/<name>.yaml` and `fleet.yaml`: what scopes above a gateway set, read and written as text.
import { FleetDefaults, GroupRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import type { FilePlace } from './file-place.ts';
import { listYaml } from './record-files.ts';
import { createYamlReader, parseOnce, type YamlFile } from './yaml-files.ts';
import { formatYaml, parseYaml, type ReadYaml } from './yaml-text.ts';

/** One file of `groups/`: what it says, or why it cannot be read (with the line). */
export type GroupEntry = { name: string; record: GroupRecord } | { name: string; unreadable: string };

export type GroupFile = YamlFile<GroupRecord>;

/** Where the settings of the whole fleet lie in the folder. */
export const fleetPath = 'fleet.yaml';

/** The path inside the folder. */
export function groupPath(name: string): string {
  return `groups/${FleetName.parse(name)}.yaml`;
}

/** Reads a group; the reason of a refusal starts with the line. */
export function parseGroup(text: string): ReadYaml<GroupRecord> {
  // A group that sets nothing is an empty file once a person has emptied it.
  return text.trim() === '' ? { ok: true, value: GroupRecord.parse({}) } : parseYaml(text, GroupRecord);
}

/** Reads `fleet.yaml`. */
export function parseFleetDefaults(text: string): ReadYaml<FleetDefaults> {
  return text.trim() === '' ? { ok: true, value: FleetDefaults.parse({}) } : parseYaml(text, FleetDefaults);
}

/** The text of a group, written into the existing text of one where there is any. */
export function formatGroup(record: GroupRecord, existing: string | null): string {
  return formatYaml({ schema: GroupRecord, defaults: { parent: null, settings: {} } }, record, existing);
}

/** The text of `fleet.yaml`, written into the existing one where there is any. */
export function formatFleetDefaults(record: FleetDefaults, existing: string | null): string {
  return formatYaml({ schema: FleetDefaults, defaults: { settings: {} } }, record, existing);
}

const readGroup = createYamlReader(parseOnce(parseGroup));
const readFleet = createYamlReader(parseOnce(parseFleetDefaults));

/** Reads one group; an unreadable one fails with its line and reason and stays as it is. */
export async function loadGroupFile(place: FilePlace, name: string): Promise<Outcome<GroupFile>> {
  if (!FleetName.safeParse(name).success) return failed('not-found', `${name} is no name for a group.`);
  const file = await readGroup(place, groupPath(name));
  if (file.ok || file.problem.code !== 'not-found') return file;
  return failed('not-found', `There is no group named ${name} in the fleet folder.`);
}

/** Reads `fleet.yaml`; a folder without one sets nothing for the fleet, and `text` is null. */
export async function loadFleetFile(
  place: FilePlace,
): Promise<Outcome<{ record: FleetDefaults; text: string | null }>> {
  const file = await readFleet(place, fleetPath);
  if (file.ok || file.problem.code !== 'not-found') return file;
  return done({ record: FleetDefaults.parse({}), text: null });
}

/** Every file of `groups/`, by name; one that cannot be read says why. */
export async function listGroups(folder: string): Promise<GroupEntry[]> {
  const found = await listYaml(folder, 'groups', (name) => loadGroupFile(folder, name));
  return found.map(({ name, file }) => ('record' in file ? { name, record: file.record } : { name, ...file }));
}
