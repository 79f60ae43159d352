// "What did this gateway run on Tuesday": the recorded pushes answer, and history holds the settings they pushed.
import { describeDifference, type Change } from '#contract/difference';
import { shortRevision, type Revision } from '#contract/files';
import type { LastPush } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { GitObjects } from './history-objects.ts';
import { scopePath } from './history-scopes.ts';
import { snapshotsOf, type GatewaySnapshot } from './history-snapshots.ts';
import { sourceAt, sourceNow } from './history-source.ts';
import { entryAt, fleetTree, isFile } from './history-trees.ts';
import { walkCommits } from './history-walk.ts';
import { parseRecord } from './record-text.ts';

/** `words`: why the settings of that push cannot be shown. */
export type RanThen = {
  revision: Revision | null;
  pushedAt: string | null;
  by: string | null;
  commit: string | null;
  difference: Change[];
  words: string | null;
};

export type RanQuestion = { folder: string; head: string | null; name: string; at: Date };

/** How many older states are tried when the one of the push is not what was pushed: a rollback goes back some. */
const maxTries = 60;

/** By the pushes that were recorded here; a change made on the gateway itself is not among them. */
export async function findRan(objects: GitObjects, { folder, head, name, at }: RanQuestion): Promise<Outcome<RanThen>> {
  const path = scopePath({ kind: 'gateway', name });
  let pushed: LastPush | null = null;
  let isKnown = false;
  const older: string[] = [];
  let lastInputs: string | null = null;
  for await (const commit of walkCommits(objects, head)) {
    const tree = await fleetTree(objects, commit.oid);
    const inputs = await inputsOf(objects, tree, path);
    if (inputs === lastInputs) continue;
    lastInputs = inputs;
    if (pushed !== null) {
      older.push(commit.oid);
      if (older.length >= maxTries) break;
      continue;
    }
    const found = await pushAt(objects, tree, path);
    isKnown ||= found !== undefined;
    if (found === null || found === undefined || Date.parse(found.at) > at.getTime()) continue;
    pushed = found;
    older.push(commit.oid);
  }
  if (!isKnown) return failed('not-found', `The history of this folder knows no gateway named ${name}.`);
  if (pushed === null) return done({ ...nothingPushed, words: 'Nothing was pushed to it by then.' });
  const { revision, at: pushedAt, by } = pushed;
  return done({ revision, pushedAt, by, ...(await settingsOf(objects, { folder, name, older, revision })) });
}

/** All that a gateway's settings can come from. Two commits that agree in it give it the same. */
async function inputsOf(objects: GitObjects, tree: string | null, path: string): Promise<string> {
  const parts = [path, 'fleet.yaml', 'groups', 'lists'];
  return (await Promise.all(parts.map(async (part) => (await entryAt(objects, tree, part))?.oid))).join(' ');
}

const nothingPushed = { revision: null, pushedAt: null, by: null, commit: null, difference: [] };

const records = new Map<string, LastPush | null>();
/** A record read once stays known; ten thousand versions are a few megabytes. */
const maxRecords = 20_000;

/** undefined: the gateway is not in this tree, or its file cannot be read. */
async function pushAt(objects: GitObjects, tree: string | null, path: string): Promise<LastPush | null | undefined> {
  const entry = await entryAt(objects, tree, path);
  if (entry === null || !isFile(entry)) return undefined;
  const known = records.get(entry.oid);
  if (known !== undefined) return known;
  const read = parseRecord((await objects.blob(entry.oid))?.toString('utf8') ?? '');
  if (!read.ok) return undefined;
  if (records.size >= maxRecords) records.clear();
  records.set(entry.oid, read.value.lastPush);
  return read.value.lastPush;
}

type Pushed = { folder: string; name: string; older: readonly string[]; revision: Revision };

/** The newest state, at or before the record of the push, that makes exactly the revision that was pushed. */
async function settingsOf(
  objects: GitObjects,
  { folder, name, older, revision }: Pushed,
): Promise<Pick<RanThen, 'commit' | 'difference' | 'words'>> {
  for (const commit of older) {
    const then = await snapshotIn(objects, commit, name);
    if (then?.revision !== revision) continue;
    const now = (await snapshotsOf(sourceNow(folder), [name])).get(name);
    if (now?.ok !== true) {
      return { commit, difference: [], words: 'It cannot be compared with now: its settings here cannot be read.' };
    }
    return { commit, difference: describeDifference(then.snapshot, now.value.snapshot), words: null };
  }
  const words = `No state in this history makes r ${shortRevision(revision)}: it was taken from elsewhere, or its settings were never saved here.`;
  return { commit: null, difference: [], words };
}

async function snapshotIn(objects: GitObjects, commit: string, name: string): Promise<GatewaySnapshot | null> {
  const found = (await snapshotsOf(await sourceAt(objects, commit), [name])).get(name);
  return found?.ok === true ? found.value : null;
}
