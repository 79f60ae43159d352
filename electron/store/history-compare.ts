// Two states of the fleet folder told apart, gateway by gateway, in the words of a review.
import { describeDifference, type Change } from '#contract/difference';
import { shortRevision } from '#contract/files';
import type { GatewayRecord } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { groupNamedIn, pathsNamedIn, scopeOfPath, scopePath } from './history-scopes.ts';
import { snapshotsOf, type GatewaySnapshot } from './history-snapshots.ts';
import { differingPaths, type FileSource } from './history-source.ts';
import { mapAtOnce } from './map-at-once.ts';
import { parseKnownRecord } from './record-files.ts';

/** `words`: what no field of the settings tells: that it was added or removed, or cannot be read. */
export type GatewayDifference = { gateway: string; difference: Change[]; words: string | null };

export type TwoStates = { before: FileSource; after: FileSource; scope: Scope };

/** Only gateways of the scope that differ, by name. Of what is the same on both sides no more is read than must be. */
export async function compareStates({ before, after, scope }: TwoStates): Promise<GatewayDifference[]> {
  const sides = { before: sideOf(before, await before.identities()), after: sideOf(after, await after.identities()) };
  const changed = differingPaths(sides.before.identities, sides.after.identities);
  const within = new Set(await gatewaysOf(scope, [sides.before, sides.after]));
  const reached = await reachedBy(changed, [sides.before, sides.after], within);
  const [then, now] = [
    await snapshotsOf(before, reached.filter(sides.before.has)),
    await snapshotsOf(after, reached.filter(sides.after.has)),
  ];
  const changedPaths = new Set(changed);
  const differences = await mapAtOnce(reached, async (gateway) => {
    const isChanged = changedPaths.has(scopePath({ kind: 'gateway', name: gateway }));
    const words = isChanged ? wordsOfRecords(await sides.before.text(gateway), await sides.after.text(gateway)) : null;
    return { gateway, ...tellApart(then.get(gateway), now.get(gateway), words) };
  });
  return differences.filter(({ difference, words }) => difference.length > 0 || words !== null);
}

/** One state: its gateways, and their texts for who asks. */
type Side = {
  source: FileSource;
  identities: ReadonlyMap<string, string>;
  names: readonly string[];
  has: (gateway: string) => boolean;
  text: (gateway: string) => Promise<string | undefined>;
};

function sideOf(source: FileSource, identities: ReadonlyMap<string, string>): Side {
  const names = [...identities.keys()].flatMap((path) => {
    const scope = scopeOfPath(path);
    return scope?.kind === 'gateway' ? [scope.name] : [];
  });
  const pathOf = (name: string) => scopePath({ kind: 'gateway', name });
  return {
    source,
    identities,
    names,
    has: (name) => identities.has(pathOf(name)),
    text: async (name) => (await source.read(pathOf(name)))?.toString('utf8'),
  };
}

/** Who belongs to the scope on either side: one that left a group is told too. */
async function gatewaysOf(scope: Scope, sides: readonly Side[]): Promise<string[]> {
  const all = [...new Set(sides.flatMap(({ names }) => names))].sort();
  if (scope.kind === 'fleet') return all;
  if (scope.kind === 'gateway') return all.filter((name) => name === scope.name);
  const groups = new Set<string>();
  for (const { source } of sides) for (const name of await groupsBelow(source, scope.name)) groups.add(name);
  const members = new Set<string>();
  for (const { names, text } of sides) {
    await mapAtOnce(names, async (name) => {
      const group = groupNamedIn((await text(name)) ?? '', 'group');
      if (group !== null && groups.has(group)) members.add(name);
    });
  }
  return all.filter((name) => members.has(name));
}

/** The group itself and every group below it. */
export async function groupsBelow(source: FileSource, group: string): Promise<Set<string>> {
  const parents = new Map<string, string | null>();
  for (const path of (await source.identities()).keys()) {
    const scope = path.startsWith('groups/') ? scopeOfPath(path) : null;
    if (scope?.kind !== 'group') continue;
    parents.set(scope.name, groupNamedIn((await source.read(path))?.toString('utf8') ?? '', 'parent'));
  }
  const below = new Set([group]);
  for (let size = 0; size !== below.size;) {
    size = below.size;
    for (const [name, parent] of parents) if (parent !== null && below.has(parent)) below.add(name);
  }
  return below;
}

/** A change above the gateways, or of a list that not one gateway alone names, may reach every one of them. */
async function reachedBy(
  changed: readonly string[],
  sides: readonly Side[],
  within: ReadonlySet<string>,
): Promise<string[]> {
  const lists = changed.filter((path) => path.startsWith('lists/'));
  const ownLists = new Map<string, Set<string>>();
  for (const { has, text } of lists.length === 0 ? [] : sides) {
    await mapAtOnce([...within].filter(has), async (name) => {
      for (const path of listsOwnedBy(await text(name), lists)) {
        ownLists.set(path, (ownLists.get(path) ?? new Set<string>()).add(name));
      }
    });
  }
  const reached = new Set<string>();
  for (const path of changed) {
    const scope = scopeOfPath(path);
    if (scope?.kind === 'gateway') reached.add(scope.name);
    else if (path.startsWith('lists/') && ownLists.has(path))
      for (const name of ownLists.get(path) ?? []) reached.add(name);
    else if (scope !== null || path.startsWith('lists/')) return [...within];
  }
  return [...within].filter((name) => reached.has(name));
}

/** Reading a thousand files as YAML for lists that did not change would be in vain. */
function listsOwnedBy(text: string | undefined, lists: readonly string[]): string[] {
  const isNamed =
    text !== undefined && lists.some((path) => text.includes(path.slice('lists/'.length, -'.txt'.length)));
  return isNamed ? pathsNamedIn(text).own.filter((path) => lists.includes(path)) : [];
}

type Told = Omit<GatewayDifference, 'gateway'>;

function tellApart(
  before: Outcome<GatewaySnapshot> | undefined,
  after: Outcome<GatewaySnapshot> | undefined,
  record: string | null,
): Told {
  if (after === undefined) return { difference: [], words: before === undefined ? null : 'It is removed.' };
  if (!after.ok) return { difference: [], words: after.problem.message };
  if (before === undefined)
    return { difference: describeDifference(null, after.value.snapshot), words: 'It is added.' };
  if (!before.ok) return { difference: [], words: `Before: ${before.problem.message}` };
  if (before.value.revision === after.value.revision) return { difference: [], words: record }; // the same in all it names
  return { difference: describeDifference(before.value.snapshot, after.value.snapshot), words: record };
}

/** Everything in a gateway's file besides its settings. */
function wordsOfRecords(before: string | undefined, after: string | undefined): string | null {
  if (before === undefined || after === undefined || before === after) return null;
  const [was, is] = [parseKnownRecord(before), parseKnownRecord(after)];
  if (!was.ok || !is.ok) return null;
  const words = describeRecords(was.value, is.value);
  return words.length === 0 ? null : words.join(' ');
}

function describeRecords(was: GatewayRecord, is: GatewayRecord): string[] {
  const differs = (field: keyof GatewayRecord) => JSON.stringify(was[field]) !== JSON.stringify(is[field]);
  return [
    differs('ssh') ? `How it is reached: ${reachOf(was)} → ${reachOf(is)}.` : '',
    differs('hostKeys') ? 'Its pinned host keys change.' : '',
    differs('group') ? `Group: ${was.group ?? 'none'} → ${is.group ?? 'none'}.` : '',
    differs('tags') ? `Tags: ${was.tags.join(', ') || 'none'} → ${is.tags.join(', ') || 'none'}.` : '',
    differs('lastPush') && is.lastPush !== null
      ? `Pushed r ${shortRevision(is.lastPush.revision)} by ${is.lastPush.by}.`
      : '',
  ].filter((sentence) => sentence !== '');
}

function reachOf({ ssh }: GatewayRecord): string {
  return `${ssh.user}@${ssh.host} port ${ssh.port}`;
}
