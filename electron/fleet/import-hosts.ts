// Hosts of ~/.ssh/config as gateways of the fleet: which there are, what stands in the way of each, and taking them in
// with the keys that known_hosts holds.
import { GatewayRecord, SshAddress } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { routeIn, type ConfiguredRoute } from '../ssh/openssh/configured-route.ts';
import { listHosts } from '../ssh/openssh/list-hosts.ts';
import { loadSshConfig, ownSshFiles, type SshConfig, type SshFiles } from '../ssh/openssh/load-config.ts';
import type { FleetFolder } from '../store/fleet-folder.ts';

/** A host as the picker shows it (the same shape as in the window's contract). */
export type PickedHost = {
  alias: string;
  host: string;
  port: number;
  user: string;
  identityFile: string | null;
  jumps: string[];
  isInFleet: boolean;
  problem: string | null;
};

type Folder = Pick<FleetFolder, 'list' | 'add'>;
type Added = { added: string[]; unknownKeys: string[] };

const defaultUser = SshAddress.shape.user.parse(undefined);

/** Every host that the files name; nothing is connected. */
export async function listConfiguredHosts(
  folder: Folder,
  files: SshFiles = ownSshFiles(),
): Promise<Outcome<{ hosts: PickedHost[]; notes: string[] }>> {
  const taken = await namesTaken(folder);
  if (!taken.ok) return taken;
  const config = await loadSshConfig(files);
  const notes = new Set(config.notes);
  const hosts: PickedHost[] = [];
  for (const alias of listHosts(config)) {
    const planned = await planHost(config, files, alias);
    if (planned.route.ok) for (const note of planned.route.value.notes) notes.add(note);
    hosts.push(toPicked(planned, taken.value));
  }
  return done({ hosts, notes: [...notes] });
}

/** Adds them all, or none where one of them cannot be. They stay aliases: what the file says later counts. */
export async function importHosts(
  folder: Folder,
  { aliases, group }: { aliases: readonly string[]; group: string | null },
  files: SshFiles = ownSshFiles(),
): Promise<Outcome<Added>> {
  const taken = await namesTaken(folder);
  if (!taken.ok) return taken;
  const config = await loadSshConfig(files);
  const known = new Set(listHosts(config));
  const records: [name: string, record: GatewayRecord][] = [];
  for (const alias of new Set(aliases)) {
    if (!known.has(alias)) return failed('not-found', `~/.ssh/config names no host ${alias}.`);
    const planned = await planHost(config, files, alias);
    const { problem, isInFleet } = toPicked(planned, taken.value);
    if (problem !== null) return failed('bad-request', `${alias}: ${problem}`);
    if (isInFleet || !planned.route.ok) return failed('exists', `${alias} is in the fleet already.`);
    const { hostKeys } = planned.route.value.target;
    const ssh = { host: alias, readsSshConfig: true };
    records.push([planned.name, GatewayRecord.parse({ ssh, hostKeys, group })]);
  }
  return addAll(folder, records);
}

async function addAll(folder: Folder, records: [name: string, record: GatewayRecord][]): Promise<Outcome<Added>> {
  const result: Added = { added: [], unknownKeys: [] };
  for (const [name, record] of records) {
    const added = await folder.add(name, record);
    if (!added.ok) return added;
    result.added.push(name);
    if (record.hostKeys.length === 0) result.unknownKeys.push(name);
  }
  return done(result);
}

type Planned = { alias: string; name: string; route: Outcome<ConfiguredRoute> };

async function planHost(config: SshConfig, files: SshFiles, alias: string): Promise<Planned> {
  return { alias, name: alias.toLowerCase(), route: await routeIn(config, files, { alias, defaultUser }) };
}

function toPicked({ alias, name, route }: Planned, taken: ReadonlySet<string>): PickedHost {
  const isInFleet = taken.has(name);
  if (!route.ok) {
    const nothing = { host: alias, port: 22, user: defaultUser, identityFile: null, jumps: [] };
    return { alias, ...nothing, isInFleet, problem: route.problem.message };
  }
  const { target, jumps } = route.value;
  return {
    alias,
    host: target.host,
    port: target.port,
    user: target.user ?? defaultUser,
    identityFile: target.signIn.areNamed ? (target.signIn.identityFiles[0] ?? null) : null,
    jumps: jumps.map((jump) => jump.name),
    isInFleet,
    problem: nameProblem(alias, name),
  };
}

function nameProblem(alias: string, name: string): string | null {
  const named = FleetName.safeParse(name);
  if (!named.success) return `It is no name for a gateway: ${named.error.issues[0]?.message ?? 'not understood'}`;
  if (SshAddress.shape.host.safeParse(alias).success) return null;
  return 'The fleet folder takes host names of letters, digits, dots and dashes.';
}

async function namesTaken(folder: Folder): Promise<Outcome<Set<string>>> {
  const entries = await folder.list();
  return entries.ok ? done(new Set(entries.value.map(({ name }) => name))) : entries;
}
