// The list of saves, newest first, of everything or of one scope: read page by page, and never further than the page
// or the time for it goes.
import type { Scope } from '#contract/scope';
import { differingEntries, entriesOf, findEntry, type CommitFacts, type GitObjects } from './history-objects.ts';
import { groupsAbove, membersOf, pathsNamedIn, scopeOfPath, scopePath } from './history-scopes.ts';
import { changedPaths, filesIn, fleetTree, textAt } from './history-trees.ts';
import { walkCommits } from './history-walk.ts';

/** One save (the same shape as in the window's contract). */
export type HistoryEntry = {
  commit: string;
  parent: string | null;
  at: string;
  author: string;
  words: string;
  body: string;
  scopes: Scope[];
};

/** `next`: go on behind this commit; null: the beginning was reached. */
export type HistoryPage = { entries: HistoryEntry[]; next: string | null };

export type LogQuestion = { scope: Scope | null; after: string | null; limit: number };

export type HistoryLog = { page(head: string | null, question: LogQuestion): Promise<HistoryPage> };

/** A search that finds little stops after a while and says how far it came: nobody waits for the first page. */
const patienceMilliseconds = 1_200;

/** Whom one save concerns is told up to this many; a move of a thousand gateways needs no thousand names. */
const maxScopes = 100;

/** The log of one repository. It remembers where the last page ended, so that the next one starts there. */
export function createHistoryLog(objects: GitObjects, patience = patienceMilliseconds): HistoryLog {
  let last: { key: string; at: string | null; search: Search } | null = null;

  return {
    async page(head, { scope, after, limit }) {
      const key = JSON.stringify([head, scope]);
      const goesOn = last !== null && last.key === key && after !== null && last.at === after;
      const search = goesOn && last !== null ? last.search : await startSearch(objects, head, { scope, after });
      const deadline = performance.now() + patience;
      const entries: HistoryEntry[] = [];
      let next: string | null = null;
      for (;;) {
        const found = await search.next(deadline);
        next = found.at;
        if (found.commit === null) break;
        entries.push(await describeCommit(objects, found.commit));
        if (entries.length >= limit) break;
      }
      last = { key, at: next, search };
      return { entries, next };
    },
  };
}

/** `commit: null` with a place: the time is up; without one: there is nothing more. */
type Found = { commit: CommitFacts | null; at: string | null };
type Search = { next(deadline: number): Promise<Found> };

type Start = { scope: Scope | null; after: string | null };

async function startSearch(objects: GitObjects, head: string | null, { scope, after }: Start): Promise<Search> {
  const interest = scope === null ? null : await interestOf(objects, await fleetTree(objects, head), scope);
  const walk = walkCommits(objects, head);
  let skipping = after !== null;
  return {
    async next(deadline) {
      let at: string | null = null;
      for (;;) {
        // A page that was asked for out of turn first goes over what was shown, however long that takes.
        if (!skipping && performance.now() > deadline && at !== null) return { commit: null, at };
        const step = await walk.next();
        if (step.done === true) return { commit: null, at: null };
        const concerns = await concernsScope(objects, step.value, interest);
        at = step.value.oid;
        if (!skipping && concerns) return { commit: step.value, at };
        if (at === after) skipping = false;
      }
    },
  };
}

/** Paths by folder. It grows on the way back: older settings name older lists. */
type Interest = { paths: Map<string, Set<string>>; own: Set<string> };

async function interestOf(objects: GitObjects, tree: string | null, scope: Scope): Promise<Interest> {
  const interest: Interest = { paths: new Map(), own: new Set() };
  const own = [scopePath(scope)];
  if (scope.kind === 'group') {
    const { groups, gateways } = await membersOf(objects, tree, scope.name);
    own.push(...groups.map((name) => `groups/${name}.yaml`), ...gateways.map((name) => `gateways/${name}.yaml`));
  }
  for (const path of own) await addOwn(objects, interest, { path, tree });
  if (scope.kind === 'gateway') {
    // What it inherits it uses too: shared lists and certificates that its groups or the fleet name.
    const above = (await groupsAbove(objects, tree, scope)).map((name) => `groups/${name}.yaml`);
    for (const path of [...above, 'fleet.yaml']) addNamed(interest, (await textAt(objects, tree, path)) ?? '');
  }
  return interest;
}

async function addOwn(
  objects: GitObjects,
  interest: Interest,
  { path, tree }: { path: string; tree: string | null },
): Promise<void> {
  interest.own.add(path);
  addPath(interest, path);
  const text = await textAt(objects, tree, path);
  if (text !== null) addNamed(interest, text);
}

function addNamed(interest: Interest, text: string): void {
  const { own, shared, certificates } = pathsNamedIn(text);
  for (const path of [...own, ...shared, ...certificates]) addPath(interest, path);
}

function addPath({ paths }: Interest, path: string): void {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, Math.max(slash, 0));
  paths.set(folder, (paths.get(folder) ?? new Set()).add(path.slice(slash + 1)));
}

/** A merge concerns a scope where it made something that none of its parents had. */
async function concernsScope(objects: GitObjects, commit: CommitFacts, interest: Interest | null): Promise<boolean> {
  const after = await fleetTree(objects, commit.oid);
  const before = await Promise.all(commit.parents.map((parent) => fleetTree(objects, parent)));
  if (interest === null) return objects.repository.prefix === '' || isNewIn(after, before);
  const touched: string[] = [];
  for (const [folder, names] of interest.paths) {
    const [now, ...then] = await Promise.all([after, ...before].map((tree) => folderTree(objects, tree, folder)));
    if (
      now === undefined ||
      !isNewIn(
        now.oid,
        then.map(({ oid }) => oid),
      )
    )
      continue;
    const trees = then.map(({ tree }) => tree);
    for (const name of namesNewIn(now.tree, trees)) {
      if (names.has(name)) touched.push(folder === '' ? name : `${folder}/${name}`);
    }
  }
  for (const path of touched) {
    if (!interest.own.has(path)) continue;
    for (const tree of [after, ...before]) addNamed(interest, (await textAt(objects, tree, path)) ?? '');
  }
  return touched.length > 0;
}

function isNewIn(after: string | null, before: readonly (string | null)[]): boolean {
  return before.length === 0 ? after !== null : before.every((oid) => oid !== after);
}

/** The names in a folder that no parent has so. Of a thousand files those that differ are few. */
function namesNewIn(now: Buffer, before: readonly Buffer[]): string[] {
  const [first, ...others] = before.map((tree) => differingNames(tree, now));
  if (first === undefined) return entriesOf(now).map(({ name }) => name);
  return [...first].filter((name) => others.every((other) => other.has(name)));
}

function differingNames(before: Buffer, after: Buffer): Set<string> {
  const { before: old, after: now } = differingEntries(before, after);
  const names = new Set([...old.keys(), ...now.keys()]);
  return new Set([...names].filter((name) => old.get(name)?.oid !== now.get(name)?.oid));
}

async function folderTree(
  objects: GitObjects,
  tree: string | null,
  folder: string,
): Promise<{ oid: string | null; tree: Buffer }> {
  const root = await objects.tree(tree);
  if (folder === '') return { oid: tree, tree: root };
  const oid = findEntry(root, folder)?.oid ?? null;
  return { oid, tree: await objects.tree(oid) };
}

/** The save in words, and whom it touched. */
async function describeCommit(objects: GitObjects, commit: CommitFacts): Promise<HistoryEntry> {
  const [words = '', ...rest] = commit.message.trim().split('\n');
  const { oid, at, author, parents } = commit;
  const body = rest.join('\n').trim();
  return { commit: oid, parent: parents[0] ?? null, at, author, words, body, scopes: await scopesOf(objects, commit) };
}

async function scopesOf(objects: GitObjects, commit: CommitFacts): Promise<Scope[]> {
  const after = await fleetTree(objects, commit.oid);
  const before = await fleetTree(objects, commit.parents[0] ?? null);
  const scopes = new Map<string, Scope>();
  for (const { path } of await changedPaths(objects, before, after)) {
    const scope = scopeOfPath(path) ?? (await scopeOfList(objects, [after, before], path));
    if (scope !== null) scopes.set(JSON.stringify(scope), scope);
    if (scopes.size >= maxScopes) break;
  }
  return [...scopes.values()];
}

/** A gateway's own list carries its name; every other list is shared, and so the fleet's. */
async function scopeOfList(
  objects: GitObjects,
  trees: readonly (string | null)[],
  path: string,
): Promise<Scope | null> {
  const list = /^lists\/(.+)\.txt$/.exec(path)?.[1];
  if (list === undefined) return null;
  for (const tree of trees) {
    for (const { name } of await filesIn(objects, tree, 'gateways')) {
      const scope = scopeOfPath(`gateways/${name}`);
      if (scope?.kind !== 'gateway' || !list.startsWith(scope.name.slice(0, 70).replace(/[.-]+$/, ''))) continue;
      const text = (await textAt(objects, tree, `gateways/${name}`)) ?? '';
      if (pathsNamedIn(text).own.includes(path)) return scope;
    }
  }
  return { kind: 'fleet' };
}
