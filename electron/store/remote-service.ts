// Sharing a fleet folder through a git remote: fetch, join field by field, push; again where somebody was quicker.
import { join } from 'node:path';
import git from 'isomorphic-git';
import { done, failed, type Outcome } from '#contract/outcome';
import { createFolderHistory, type Person } from './folder-history.ts';
import { describeHolder } from './folder-lock.ts';
import { createFolderWriter, reportingDisk, type BeforeWrite } from './folder-writer.ts';
import { durableFs, orNull, type Repository } from './git-repository.ts';
import { openGitObjects, type GitObjects } from './history-objects.ts';
import { pastOf, relate } from './history-walk.ts';
import { holdLockFile } from './lock-file.ts';
import type { Choices, FieldConflict } from './merge-values.ts';
import { parseAddress, tokenOwner, type RemoteAddress } from './remote-address.ts';
import type { RemoteRun } from './remote-git-program.ts';
import { landLook, lookAtBoth, type JoinPlace, type Look } from './remote-join.ts';
import {
  findShared,
  noteFetched,
  setRemote,
  stateOfRemote,
  type RemoteState,
  type SharedPlace,
} from './remote-settings.ts';
import { openHttps } from './remote-https.ts';
import { openProgram } from './remote-ssh.ts';
import { trackingRef, type RemoteHeads, type Transport } from './remote-transport.ts';
import { createStep, unlessStopped, type SyncWatch } from './sync-watch.ts';
import type { Vault } from './vault.ts';

/** `touched`: the paths that changed here. With conflicts nothing did. */
export type SyncEnd = { pulled: number; pushed: number; conflicts: FieldConflict[]; touched: string[] };

/** `onLanded` hears what changed here as soon as it did: what follows may fail. */
export type RunOptions = Partial<SyncWatch> & { onLanded?: (touched: readonly string[]) => void };

export type FleetRemote = {
  state(): Promise<Outcome<RemoteState>>;
  set(wish: { url: string | null; token: string | null }): Promise<Outcome<RemoteState>>;
  sync(options?: RunOptions): Promise<Outcome<SyncEnd>>;
  /** One choice for each conflict of the last sync. `conflict` where either side changed since. */
  resolve(choices: Choices, options?: RunOptions): Promise<Outcome<SyncEnd>>;
};

export type RemoteParts = {
  path: string;
  who: Person;
  vault: Vault;
  beforeWrite?: BeforeWrite;
  /** How long a remote may say nothing. A busy server shows its progress every five seconds. */
  silenceMilliseconds?: number;
};

const defaultSilence = 60_000;

/** A sync of a small fleet takes a second or two. */
const waitForOther = 10_000;

/** Others push while we join: each round has their newest state. More rounds than this help nobody. */
const maxRounds = 6;

/** Nothing is asked before the first call. One sync at a time. */
export function openFleetRemote(parts: RemoteParts): FleetRemote {
  const { path, who, vault, beforeWrite, silenceMilliseconds = defaultSilence } = parts;
  const objectsOf = keepObjects();
  const writer = createFolderWriter(path, createFolderHistory(path, who), beforeWrite);
  let offered: FieldConflict[] | null = null;
  let isRunning = false;

  const state = () => reportingDisk(path, () => stateOfRemote({ folder: path, vault, objectsOf }));

  async function exclusively(choices: Choices | null, options: RunOptions): Promise<Outcome<SyncEnd>> {
    if (isRunning) return failed('busy', 'A sync of this fleet folder runs already.', 'Wait for it, or stop it.');
    isRunning = true;
    try {
      return await reportingDisk(path, async () => {
        const opened = await openSync({ path, vault, objectsOf }, toRun(options, silenceMilliseconds));
        if (!opened.ok) return opened;
        const sync = opened.value;
        const place: JoinPlace = { folder: path, writer, objects: sync.objects, watch: sync.run };
        const ended = await alone(sync, () => runStoppably(sync, place, { choices, offered, options }));
        if (ended.ok) offered = ended.value.conflicts.length === 0 ? null : ended.value.conflicts;
        return ended;
      });
    } finally {
      isRunning = false;
    }
  }

  return {
    state,
    async set(wish) {
      const written = await reportingDisk(path, () => setRemote(path, vault, wish));
      return written.ok ? state() : written;
    },
    sync: (options = {}) => exclusively(null, options),
    resolve: (choices, options = {}) => exclusively(choices, options),
  };
}

function toRun({ signal, onWords }: RunOptions, silenceMilliseconds: number): RemoteRun {
  return { signal: signal ?? new AbortController().signal, onWords: onWords ?? (() => undefined), silenceMilliseconds };
}

function keepObjects(): (repository: Repository) => GitObjects {
  let known: GitObjects | null = null;
  return (repository) => {
    if (known?.repository.gitFolder !== repository.gitFolder) known = openGitObjects(repository);
    return known;
  };
}

/** Everything that one sync works with. */
type Sync = {
  repository: Repository;
  branch: string;
  /** What the remote had when it was asked for the branch: the first round begins with it. */
  heads: RemoteHeads;
  address: RemoteAddress;
  objects: GitObjects;
  transport: Transport;
  run: RemoteRun;
};

type SyncParts = { path: string; vault: Vault; objectsOf: (repository: Repository) => GitObjects };

async function openSync({ path, vault, objectsOf }: SyncParts, run: RemoteRun): Promise<Outcome<Sync>> {
  const shared = await findShared(path);
  if (!shared.ok) return shared;
  const place = shared.value;
  if (place === null || place.url === null) {
    const hint = 'Say where: postern remote set URL --fleet FOLDER';
    return failed('not-found', 'This fleet folder is not shared through a git remote.', hint);
  }
  const address = parseAddress(place.url);
  if (!address.ok) return address;
  const { repository } = place;
  const token = () => vault.loadSecret(tokenOwner(address.value), 'token');
  const parts = { repository, address: address.value, run, token };
  const transport = parts.address.way === 'https' ? openHttps(parts) : openProgram(parts);
  const objects = objectsOf(repository);
  run.onWords(`Asking ${address.value.place}…`);
  const heads = await transport.heads();
  if (!heads.ok) return heads;
  const branch = await chooseBranch(place, objects, heads.value);
  if (!branch.ok) return branch;
  return done({ ...parts, heads: heads.value, branch: branch.value, objects, transport });
}

/** The branch that is checked out. A folder without a commit takes the remote's, however it is called there. */
async function chooseBranch(
  { repository: { dir }, branch }: SharedPlace,
  objects: GitObjects,
  { branches, main }: RemoteHeads,
): Promise<Outcome<string>> {
  if (branches.size === 0 || branches.has(branch)) return done(branch);
  const theirs = main ?? [...branches.keys()][0] ?? branch;
  if ((await objects.head()) !== null) {
    const hint = `Rename yours with git: git branch -m ${theirs}`;
    return failed(
      'bad-request',
      `The remote has no branch ${branch}; it has ${[...branches.keys()].join(', ')}.`,
      hint,
    );
  }
  await git.writeRef({ fs: durableFs, dir, ref: 'HEAD', value: `refs/heads/${theirs}`, symbolic: true, force: true });
  return done(theirs);
}

/** The command in a timer and the app may sync one folder at once: git's refs would refuse one of them in the middle. */
async function alone<T>({ repository }: Sync, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const path = join(repository.gitFolder, 'postern-sync.lock');
  const lock = await holdLockFile(path, waitForOther);
  if (lock === null) {
    const message = `Another Postern syncs this fleet folder just now${await describeHolder(path)}.`;
    return failed('busy', message, 'Try again in a moment.');
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

type Deciding = { choices: Choices | null; offered: readonly FieldConflict[] | null };

/** How far it came; what it was at when it was stopped decides what is said of it. */
type Progress = { end: SyncEnd; isSending: boolean };

async function runStoppably(
  sync: Sync,
  place: JoinPlace,
  { options, ...deciding }: Deciding & { options: RunOptions },
): Promise<Outcome<SyncEnd>> {
  const progress: Progress = { end: { pulled: 0, pushed: 0, conflicts: [], touched: [] }, isSending: false };
  const { signal } = sync.run;
  const ended = await unlessStopped(signal, () => runRounds({ ...sync, progress, options }, place, deciding));
  return ended === null || (!ended.ok && ended.problem.code === 'cancelled') ? stoppedAt(progress) : ended;
}

function stoppedAt({ end, isSending }: Progress): Outcome<never> {
  const sent = isSending ? 'Whether what was saved here arrived there is not known.' : 'Nothing was sent.';
  if (end.pulled === 0 && !isSending) return failed('cancelled', 'The sync was stopped. Nothing was changed.');
  const joined = end.pulled === 0 ? 'Nothing was changed here.' : 'What others saved is joined here.';
  return failed('cancelled', `The sync was stopped. ${joined} ${sent}`, 'Sync again to send the rest.');
}

type Running = Sync & { progress: Progress; options: RunOptions };

async function runRounds(sync: Running, place: JoinPlace, deciding: Deciding): Promise<Outcome<SyncEnd>> {
  const { progress } = sync;
  const { end } = progress;
  if ((await place.objects.head()) !== null) {
    const kept = await place.writer.keepAudit();
    if (!kept.ok) return kept;
  }
  for (let round = 0; round < maxRounds; round++) {
    progress.isSending = false;
    const theirs = await fetchNewest(sync, round === 0 ? done(sync.heads) : await sync.transport.heads());
    if (!theirs.ok) return theirs;
    const look = await decide(place, theirs.value, end.pulled === 0 ? deciding : { choices: null, offered: null });
    if (!look.ok) return look;
    if (look.value.conflicts.length > 0) return done({ ...end, conflicts: look.value.conflicts });
    if (look.value.pulled > 0) sync.run.onWords('Joining both sides…');
    const landed = await landLook(place, look.value, joinWords(sync.address));
    if (!landed.ok) return landed;
    if (landed.value.kind === 'moved') continue;
    end.pulled += look.value.pulled;
    const touched = look.value.changes.map(({ path }) => path);
    end.touched.push(...touched);
    if (touched.length > 0) sync.options.onLanded?.(touched);
    const pushed = await pushNewest(sync, landed.value.head, theirs.value);
    if (!pushed.ok) return pushed;
    if (pushed.value !== 'raced') return done({ ...end, pushed: pushed.value });
  }
  return failed('busy', `${sync.address.place} changes faster than this folder can join it.`, 'Sync again.');
}

/** Of a folder the path stays out of what everybody sees. */
function joinWords({ way, place }: RemoteAddress): string {
  return way === 'path' ? 'Join what others saved' : `Join what others saved at ${place}`;
}

/** Their newest commit, brought here; null: the remote is empty. */
async function fetchNewest(
  { repository, branch, transport, objects, address, run }: Sync,
  heads: Outcome<RemoteHeads>,
): Promise<Outcome<string | null>> {
  if (!heads.ok) return heads;
  const newest = heads.value.branches.get(branch) ?? null;
  const at = { fs: durableFs, dir: repository.dir, ref: trackingRef(branch) };
  const seen = newest === null ? null : await orNull(() => git.resolveRef(at));
  // The name is written behind its objects, or beside a pack that holds all of them: with both here there is no more.
  if (newest !== null && (seen !== newest || (await objects.commit(newest)) === null)) {
    run.onWords(`Fetching from ${address.place}…`);
    const fetched = await transport.fetch(branch);
    if (!fetched.ok) return fetched;
  }
  await noteFetched(repository);
  if (newest === null) return done(null);
  const theirs = await git.resolveRef(at);
  if ((await objects.commit(theirs)) !== null) return done(theirs);
  return failed('folder-unreadable', `What ${address.place} sent cannot be read.`, 'Sync again.');
}

async function decide(place: JoinPlace, theirs: string | null, { choices, offered }: Deciding): Promise<Outcome<Look>> {
  const open = await lookAtBoth(place, theirs, {});
  if (!open.ok || choices === null) return open;
  if (JSON.stringify(open.value.conflicts) !== JSON.stringify(offered ?? [])) {
    const message = 'Something changed since these fields were shown.';
    return failed('conflict', message, 'Sync again, and look at them once more.');
  }
  const missing = open.value.conflicts.filter(({ id }) => choices[id] === undefined);
  if (missing.length === 0) return lookAtBoth(place, theirs, choices);
  return failed('bad-request', `Nothing was chosen for ${missing.map(({ label }) => label).join(', ')}.`);
}

/** How many commits went there. */
async function pushNewest(
  { repository: { dir }, branch, transport, objects, address, run, progress }: Running,
  head: string | null,
  theirs: string | null,
): Promise<Outcome<number | 'raced'>> {
  if (head === null || head === theirs) return done(0);
  const onEach = createStep(run);
  const count =
    theirs === null
      ? (await pastOf(objects, head, onEach)).size
      : (await relate(objects, { ours: head, theirs, onEach })).onlyLeft;
  if (count === 0) return done(0);
  run.onWords(`Sending to ${address.place}…`);
  progress.isSending = true;
  const pushed = await transport.push(branch, head);
  if (!pushed.ok) return pushed;
  if (pushed.value === 'raced') return done('raced');
  await git.writeRef({ fs: durableFs, dir, ref: trackingRef(branch), value: head, force: true });
  return done(count);
}
