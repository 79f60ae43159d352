// Rollouts on disk: one file for each in the app's own folder, written line by line and synced, so that a crash at any
// moment loses no push that was begun. Many gateways that move at once share one sync.
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rollout } from '#contract/rollout';
import { namesIn, removeDurably, writeDurably } from '../../store/durable-files.ts';
import { followable, followLine, rolloutFrom, RolloutHeader, RolloutLine } from './rollout-lines.ts';

/** A report of last month is worth finding; Postern's own number. */
const keptRollouts = 200;
const suffix = '.jsonl';

/** A rollout's file being written. */
export type RolloutJournal = {
  /** On the disk when this resolves. */
  append(line: RolloutLine): Promise<void>;
  close(): Promise<void>;
};

export type StoredRollout = { rollout: Rollout; fleetFolder: string };

export type RolloutFiles = {
  /** Writes the first line; the oldest files beyond the limit go. */
  create(header: RolloutHeader): Promise<void>;
  /** null: there is none, or its first line cannot be read. */
  load(id: string): Promise<StoredRollout | null>;
  /** All that can be read, newest first. */
  list(): Promise<StoredRollout[]>;
  openJournal(id: string): Promise<RolloutJournal>;
  lockPath(id: string): string;
  /** What another program asks of the one that runs the rollout. */
  wishPath(id: string): string;
};

/** The rollouts of one app folder. Nothing is made before the first one. */
export function rolloutFiles(folder: string): RolloutFiles {
  const pathOf = (id: string) => join(folder, `${id}${suffix}`);
  const load = async (id: string) => parseRollout(await readFile(pathOf(id), 'utf8').catch(() => ''));
  const list = async () => {
    const names = (await namesIn(folder)).filter((name) => name.endsWith(suffix) && !name.startsWith('.'));
    const found = await Promise.all(names.map((name) => load(name.slice(0, -suffix.length))));
    return found.flatMap((each) => each ?? []).toSorted((one, other) => compareStart(other, one));
  };
  return {
    async create(header) {
      await writeDurably(pathOf(header.id), `${JSON.stringify(header)}\n`, 0o600);
      const old = (await list()).slice(keptRollouts).filter(({ rollout }) => rollout.endedAt !== null);
      for (const { rollout } of old) await removeDurably(pathOf(rollout.id));
    },
    load,
    list,
    openJournal: (id) => openJournal(pathOf(id)),
    lockPath: (id) => join(folder, `${id}.lock`),
    wishPath: (id) => join(folder, `${id}.wish`),
  };
}

function compareStart(one: StoredRollout, other: StoredRollout): number {
  return one.rollout.startedAt < other.rollout.startedAt ? -1 : 1;
}

/** A line that a crash cut in two was never acknowledged: what it would have told did not happen, or is asked for. */
function parseRollout(text: string): StoredRollout | null {
  const [first = '', ...rest] = text.split('\n');
  const header = RolloutHeader.safeParse(parseJson(first));
  if (!header.success) return null;
  const followed = followable(rolloutFrom(header.data));
  for (const raw of rest) {
    const line = RolloutLine.safeParse(parseJson(raw));
    if (line.success) followLine(followed, line.data);
  }
  return { rollout: followed.rollout, fleetFolder: header.data.fleetFolder };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function openJournal(path: string): Promise<RolloutJournal> {
  const file = await open(path, 'a');
  await endTornLine(file, path);
  let waiting: string[] = [];
  let writing: Promise<void> | null = null;
  const writeWaiting = async () => {
    await Promise.resolve(); // those who call in the same turn come along
    const lines = waiting;
    waiting = [];
    await file.appendFile(lines.join(''));
    await file.datasync();
  };
  return {
    append(line) {
      waiting.push(`${JSON.stringify(line)}\n`);
      // The write under way took its lines already; all that come meanwhile go with the next one.
      if (waiting.length === 1) writing = (writing ?? Promise.resolve()).then(writeWaiting);
      return writing ?? Promise.resolve();
    },
    async close() {
      await writing?.catch(() => undefined); // whoever appended has been told
      await file.close();
    },
  };
}

/** Else the next line would be lost with the torn one. */
async function endTornLine(file: FileHandle, path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (text.endsWith('\n')) return;
  await file.appendFile('\n');
  await file.datasync();
}
