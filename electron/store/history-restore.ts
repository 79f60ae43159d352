// Bringing a gateway, a group or the fleet back to what it was in a commit, as a change of the folder like any other.
// Nothing is pushed, and nothing is lost: what lies in the folder is in history before it is replaced.
import type { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { parseFleetDefaults, parseGroup } from './group-files.ts';
import { groupsBelow } from './history-compare.ts';
import type { GitObjects } from './history-objects.ts';
import { groupNamedIn, pathsNamedIn, scopeOfPath, scopePath } from './history-scopes.ts';
import type { FileSource } from './history-source.ts';
import { fleetTree, textAt } from './history-trees.ts';
import { walkCommits } from './history-walk.ts';
import { readEntries } from './list-files.ts';
import { parseKnownRecord } from './record-files.ts';
import { formatRecord } from './record-text.ts';

/** New content by path; null removes the file. `touched`: the gateways whose files change, by name. */
export type Restoration = { changes: ReadonlyMap<string, Buffer | null>; touched: string[] };

/** `onEach`: before each file; it may end the work by throwing. */
export type RestoreQuestion = {
  past: FileSource;
  now: FileSource;
  scope: Scope;
  onEach?: (() => Promise<void>) | undefined;
};

/** Where versions in between are looked up; null: the folder has no history. */
export type Versions = { objects: GitObjects; head: string | null } | null;

/** Plans it; nothing is written here. What cannot be read then is refused: it would come back broken. */
export async function planRestoreOf(
  history: Versions,
  { past, now, scope, onEach }: RestoreQuestion,
): Promise<Outcome<Restoration>> {
  const paths = await pathsToRestore({ past, now, scope });
  if (!paths.ok) return paths;
  const wanted = new Map<string, Buffer | null>();
  const [then, today] = [await past.identities(), await now.identities()];
  for (const path of paths.value) {
    await onEach?.();
    const content = await past.read(path);
    if (scope.kind === 'fleet' && content !== null && then.get(path) === today.get(path)) {
      wanted.set(path, content); // what is so already needs no check, and its facts are those of now
      continue;
    }
    const checked = content === null ? done(null) : await checkedContent(path, content.toString('utf8'));
    if (!checked.ok) return checked;
    const isGateway = scopeOfPath(path)?.kind === 'gateway';
    const kept =
      isGateway && checked.value !== null
        ? await withFactsOfNow(history, { path, text: checked.value, now })
        : done(checked.value);
    if (!kept.ok) return kept;
    wanted.set(path, kept.value === null ? null : Buffer.from(kept.value, 'utf8'));
  }
  const named = await addNamed(wanted, { past, now, scope });
  return named.ok ? done(onlyChanges(wanted, await contents(now, [...wanted.keys()]))) : named;
}

/** The files whose state then decides: of the scope itself, and of what is below it. */
async function pathsToRestore({ past, now, scope }: RestoreQuestion): Promise<Outcome<string[]>> {
  const before = [...(await past.identities()).keys()];
  if (scope.kind === 'fleet') {
    // What was added since goes: the fleet is as it was. It stays in history, and its appliance runs on.
    const isFleets = (path: string) => /^(fleet\.yaml$|groups\/|gateways\/|lists\/)/.test(path);
    const after = [...(await now.identities()).keys()];
    return done([...new Set([...before, ...after])].filter(isFleets).sort());
  }
  const own = scopePath(scope);
  if (!before.includes(own)) {
    const what = scope.kind === 'group' ? 'group' : 'gateway';
    return failed('not-found', `That version of the fleet folder holds no ${what} named ${scope.name}.`);
  }
  if (scope.kind === 'gateway') return done([own]);
  const groups = await groupsBelow(past, scope.name);
  const paths = [...groups].map((name) => `groups/${name}.yaml`);
  for (const path of before.filter((each) => scopeOfPath(each)?.kind === 'gateway')) {
    const group = groupNamedIn((await past.read(path))?.toString('utf8') ?? '', 'group');
    // A gateway that came into the group since stays, and follows the group's settings again.
    if (group !== null && groups.has(group)) paths.push(path);
  }
  return done(paths);
}

async function checkedContent(path: string, text: string): Promise<Outcome<string>> {
  const scope = scopeOfPath(path);
  const refuse = (reason: string) =>
    failed(
      'folder-unreadable',
      `${path} could not be read at that time. ${reason}`,
      'Choose an older or a newer state.',
    );
  if (scope !== null) {
    const parse = { gateway: parseKnownRecord, group: parseGroup, fleet: parseFleetDefaults }[scope.kind];
    const read = parse(text);
    return read.ok ? done(text) : refuse(read.reason);
  }
  const list = /^lists\/(.+)\.txt$/.exec(path)?.[1];
  const read = list === undefined ? null : await readEntries(`The list ${list}`, text);
  return read?.ok === false ? refuse(read.problem.message) : done(text);
}

type Brought = { path: string; text: string; now: FileSource };

/**
 * Settings, group and tags come back; facts stay. `lastPush` says what the appliance was last given: set back, the next
 * push would take its own earlier push for a stranger's change. Host keys set back would refuse the machine that stands
 * there today, or trust one that was replaced; the address belongs to them.
 */
async function withFactsOfNow(history: Versions, { path, text, now }: Brought): Promise<Outcome<string>> {
  const then = parseKnownRecord(text);
  if (!then.ok) return failed('folder-unreadable', `${path} could not be read at that time. ${then.reason}`);
  const facts = await newestRecord(history, path, (await now.read(path))?.toString('utf8') ?? null);
  if (facts === null) return done(text);
  const { ssh, hostKeys, isLocal, lastPush } = facts;
  return done(formatRecord({ ...then.value, ssh, hostKeys, isLocal, lastPush }, text));
}

/** Of a removed gateway, or of one whose file is broken now, the newest version that can be read. */
async function newestRecord(history: Versions, path: string, present: string | null): Promise<GatewayRecord | null> {
  const here = present === null ? null : parseKnownRecord(present);
  if (here?.ok === true) return here.value;
  if (history === null) return null;
  const { objects, head } = history;
  let seen: string | null = null;
  for await (const commit of walkCommits(objects, head)) {
    const text = await textAt(objects, await fleetTree(objects, commit.oid), path);
    if (text === null || text === seen) continue;
    seen = text;
    const read = parseKnownRecord(text);
    if (read.ok) return read.value;
  }
  return null;
}

/** A gateway's own lists come back with it; whatever else its settings need comes back only where it is missing. */
async function addNamed(
  wanted: Map<string, Buffer | null>,
  { past, now, scope }: RestoreQuestion,
): Promise<Outcome<void>> {
  const [before, after] = [await past.identities(), await now.identities()];
  for (const [path, content] of wanted) {
    if (content === null || scopeOfPath(path) === null) continue;
    const text = content.toString('utf8');
    const { own, shared, certificates } = pathsNamedIn(text);
    const missing = [...shared, ...certificates, ...waysNamedIn(path, text)].filter((each) => !after.has(each));
    for (const each of [...own, ...missing]) {
      if (wanted.has(each) || !before.has(each)) continue;
      const older = await past.read(each);
      const checked = await checkedContent(each, older?.toString('utf8') ?? '');
      if (!checked.ok) return checked;
      wanted.set(each, older);
    }
    await addMissingGroups(wanted, { path, text, sources: { past, now, scope } });
  }
  return done(undefined);
}

/** Credential and jump hosts of a gateway: one that comes back without them could not be reached. */
function waysNamedIn(path: string, text: string): string[] {
  const read = scopeOfPath(path)?.kind === 'gateway' ? parseKnownRecord(text) : null;
  if (read?.ok !== true) return [];
  const { credential, jumps } = read.value.ssh;
  const jumpHosts = jumps.map((name) => `jump-hosts/${name}.yaml`);
  return credential === null ? jumpHosts : [`credentials/${credential}.yaml`, ...jumpHosts];
}

type Naming = { path: string; text: string; sources: RestoreQuestion };

/** A group that is gone since comes back with the groups above it: without it the settings could not be resolved. */
async function addMissingGroups(wanted: Map<string, Buffer | null>, { path, text, sources }: Naming): Promise<void> {
  const { past, now } = sources;
  let group = groupNamedIn(text, path.startsWith('groups/') ? 'parent' : 'group');
  for (let steps = 0; group !== null && steps < 100; steps++) {
    const place = `groups/${group}.yaml`;
    const isThere = wanted.get(place) !== undefined ? wanted.get(place) !== null : (await now.read(place)) !== null;
    if (isThere) return;
    const content = await past.read(place);
    if (content === null) return;
    wanted.set(place, content);
    group = groupNamedIn(content.toString('utf8'), 'parent');
  }
}

async function contents(source: FileSource, paths: readonly string[]): Promise<Map<string, Buffer | null>> {
  const found = new Map<string, Buffer | null>();
  for (const path of paths) found.set(path, await source.read(path));
  return found;
}

function onlyChanges(
  wanted: ReadonlyMap<string, Buffer | null>,
  present: ReadonlyMap<string, Buffer | null>,
): Restoration {
  const changes = new Map<string, Buffer | null>();
  for (const [path, content] of wanted) {
    const here = present.get(path) ?? null;
    const isSame = here === null || content === null ? here === content : here.equals(content);
    if (!isSame) changes.set(path, content);
  }
  const touched = [...changes.keys()].flatMap((path) => {
    const scope = scopeOfPath(path);
    return scope?.kind === 'gateway' ? [scope.name] : [];
  });
  return { changes, touched: touched.sort() };
}
