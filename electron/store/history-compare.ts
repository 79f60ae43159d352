// Two states of the fleet folder told apart, gateway by gateway, in the words of a review.
import { describeDifference, type Change } from '#contract/difference';
import { shortRevision } from '#contract/files';
import type { GatewayRecord } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { groupNamedIn, pathsNamedIn, scopeOfPath } from './history-scopes.ts';
import { snapshotsOf, type GatewaySnapshot } from './history-snapshots.ts';
import { differingPaths, type FileSource } from './history-source.ts';
import { mapAtOnce } from './map-at-once.ts';
import { parseRecord } from './record-text.ts';

/** `words`: what no field of the settings tells: that it was added or removed, or cannot be read. */
export type GatewayDifference = { gateway: string; difference: Change[]; words: string | null };

export type TwoStates = { before: FileSource; after: FileSource; scope: Scope };

/** Only gateways of the scope that differ, by name. */
export async function compareStates({ before, after, scope }: TwoStates): Promise<GatewayDifference[]> {
  const texts = { before: await gatewayTexts(before), after: await gatewayTexts(after) };
  const within = new Set(await gatewaysOf(scope, [before, after], texts));
  const changed = await differingPaths(before, after);
  const reached = reachedBy(changed, texts, within);
  const [then, now] = [
    await snapshotsOf(before, present(texts.before, reached)),
    await snapshotsOf(after, present(texts.after, reached)),
  ];
  const differences = reached.map((gateway) => ({
    gateway,
    ...tellApart(
      then.get(gateway),
      now.get(gateway),
      wordsOfRecords(texts.before.get(gateway), texts.after.get(gateway)),
    ),
  }));
  return differences.filter(({ difference, words }) => difference.length > 0 || words !== null);
}

type Texts = ReadonlyMap<string, string>;

async function gatewayTexts(source: FileSource): Promise<Texts> {
  const paths = [...(await source.identities()).keys()];
  const texts = await mapAtOnce(paths, async (path) => {
    const scope = path.startsWith('gateways/') ? scopeOfPath(path) : null;
    const content = scope === null ? null : await source.read(path);
    return scope?.kind === 'gateway' && content !== null ? ([scope.name, content.toString('utf8')] as const) : null;
  });
  return new Map(texts.filter((each) => each !== null));
}

function present(texts: Texts, names: readonly string[]): string[] {
  return names.filter((name) => texts.has(name));
}

/** Who belongs to the scope on either side: one that left a group is told too. */
async function gatewaysOf(
  scope: Scope,
  sources: readonly FileSource[],
  { before, after }: { before: Texts; after: Texts },
): Promise<string[]> {
  const all = [...new Set([...before.keys(), ...after.keys()])].sort();
  if (scope.kind === 'fleet') return all;
  if (scope.kind === 'gateway') return all.filter((name) => name === scope.name);
  const groups = new Set<string>();
  for (const source of sources) for (const name of await groupsBelow(source, scope.name)) groups.add(name);
  const isIn = (text: string | undefined) =>
    groups.has((text === undefined ? null : groupNamedIn(text, 'group')) ?? '');
  return all.filter((name) => isIn(before.get(name)) || isIn(after.get(name)));
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
function reachedBy(
  changed: readonly string[],
  texts: { before: Texts; after: Texts },
  within: ReadonlySet<string>,
): string[] {
  const ownLists = new Map<string, Set<string>>();
  for (const side of [texts.before, texts.after]) {
    for (const name of within) {
      for (const path of pathsOwnedBy(side.get(name), changed)) {
        ownLists.set(path, (ownLists.get(path) ?? new Set<string>()).add(name));
      }
    }
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
function pathsOwnedBy(text: string | undefined, changed: readonly string[]): string[] {
  const lists = changed.filter((path) => path.startsWith('lists/'));
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
  return { difference: describeDifference(before.value.snapshot, after.value.snapshot), words: record };
}

/** Everything in a gateway's file besides its settings. */
function wordsOfRecords(before: string | undefined, after: string | undefined): string | null {
  if (before === undefined || after === undefined || before === after) return null;
  const [was, is] = [parseRecord(before), parseRecord(after)];
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
