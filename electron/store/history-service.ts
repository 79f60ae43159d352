// The history of one fleet folder as the app and the command ask for it: the log, comparisons, restorations, what ran.
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { scopeInWords } from './every-scope.ts';
import { createFolderHistory, type Person } from './folder-history.ts';
import { createFolderWriter, reportingDisk, type BeforeWrite, type FolderWriter } from './folder-writer.ts';
import { findRepository } from './git-repository.ts';
import { compareStates, type GatewayDifference } from './history-compare.ts';
import { createHistoryLog, type HistoryLog, type HistoryPage, type LogQuestion } from './history-log.ts';
import { openGitObjects, type CommitFacts, type GitObjects } from './history-objects.ts';
import { findRan, type RanThen } from './history-ran.ts';
import { planRestoreOf, type Restoration } from './history-restore.ts';
import { sourceAt, sourceNow } from './history-source.ts';
import { walkCommits } from './history-walk.ts';
import { carryOutRestoration, previewRestoration, type Restored } from './restoration.ts';

export type Comparison = { scope: Scope; from: string; to: string | null };
export type RestoreWish = { scope: Scope; commit: string };

export type FleetHistory = {
  log(question: LogQuestion): Promise<Outcome<HistoryPage>>;
  /** `to: null`: what lies in the folder now. */
  compare(comparison: Comparison): Promise<Outcome<GatewayDifference[]>>;
  /** What `restore` would do; nothing changes. */
  previewRestore(wish: RestoreWish): Promise<Outcome<Restored>>;
  /** One new commit (null: it is so already); nothing is pushed. */
  restore(wish: RestoreWish): Promise<Outcome<Restored>>;
  ran(name: string, at: Date): Promise<Outcome<RanThen>>;
  /** The newest commit that is not younger. */
  commitAt(at: Date): Promise<Outcome<string>>;
  /** The full name of a commit from its first digits; `HEAD` is the newest, `HEAD~2` the second before it. */
  findCommit(start: string): Promise<Outcome<string>>;
};

type HistoryParts = { path: string; who: Person; beforeWrite?: BeforeWrite };

/** Opens it; nothing is read before the first question. Objects that were read stay for the next question. */
export function openFleetHistory({ path, who, beforeWrite }: HistoryParts): FleetHistory {
  const open = createOpener(path);
  const writer = createFolderWriter(path, createFolderHistory(path, who), beforeWrite);
  const asked = <T>(work: (opened: Opened) => Promise<Outcome<T>>): Promise<Outcome<T>> =>
    reportingDisk(path, async () => {
      const opened = await open();
      return opened === null
        ? failed('not-found', 'The fleet folder has no history yet.', 'It begins with the first save.')
        : work(opened);
    });

  return {
    log: (question) =>
      reportingDisk(path, async () => {
        const opened = await open();
        return done(opened === null ? { entries: [], next: null } : await opened.log.page(opened.head, question));
      }),
    compare: ({ scope, from, to }) =>
      asked(async ({ objects }) => {
        for (const commit of [from, to]) {
          if (commit !== null && (await objects.commit(commit)) === null) return noSuchCommit(commit);
        }
        const before = await sourceAt(objects, from);
        const after = to === null ? sourceNow(path) : await sourceAt(objects, to);
        return done(await compareStates({ before, after, scope }));
      }),
    previewRestore: (wish) => asked((opened) => preview(path, opened, wish)),
    restore: (wish) => asked((opened) => restore({ path, writer }, opened, wish)),
    ran: (name, at) => asked(({ objects, head }) => findRan(objects, { folder: path, head, name, at })),
    commitAt: (at) => asked(({ objects, head }) => findCommitAt(objects, head, at)),
    findCommit: (start) => asked(({ objects, head }) => findByStart(objects, head, start)),
  };
}

type Opened = { objects: GitObjects; log: HistoryLog; head: string | null };

function createOpener(path: string): () => Promise<Opened | null> {
  let known: { gitFolder: string; objects: GitObjects; log: HistoryLog } | null = null;
  return async () => {
    const repository = await findRepository(path);
    if (repository === null) return null;
    if (known?.gitFolder !== repository.gitFolder) {
      const objects = openGitObjects(repository);
      known = { gitFolder: repository.gitFolder, objects, log: createHistoryLog(objects) };
    }
    return { ...known, head: await known.objects.head() };
  };
}

function noSuchCommit(commit: string): Outcome<never> {
  return failed('not-found', `The history of this folder holds no commit ${commit.slice(0, 12)}.`);
}

async function planned(
  path: string,
  { objects, head }: Opened,
  { scope, commit }: RestoreWish,
): Promise<Outcome<Restoration>> {
  if ((await objects.commit(commit)) === null) return noSuchCommit(commit);
  const [past, now] = [await sourceAt(objects, commit), sourceNow(path)];
  return planRestoreOf({ objects, head }, { past, now, scope });
}

function preview(path: string, opened: Opened, wish: RestoreWish): Promise<Outcome<Restored>> {
  return previewRestoration({ path, scope: wish.scope, plan: () => planned(path, opened, wish) });
}

type Place = { path: string; writer: FolderWriter };

async function restore({ path, writer }: Place, opened: Opened, wish: RestoreWish): Promise<Outcome<Restored>> {
  const words = wordsOf(wish.scope, await opened.objects.commit(wish.commit));
  const plan = () => planned(path, opened, wish);
  return carryOutRestoration({ path, scope: wish.scope, plan }, { writer, words });
}

function wordsOf(scope: Scope, commit: CommitFacts | null): string {
  const when =
    commit === null ? '' : ` as of ${commit.at.slice(0, 16).replace('T', ' ')} UTC (${commit.oid.slice(0, 7)})`;
  const subject = commit?.message.split('\n')[0]?.trim() ?? '';
  return `Restore ${scopeInWords(scope)}${when}${subject === '' ? '' : `\n\nThat state was saved as: ${subject}`}`;
}

async function findCommitAt(objects: GitObjects, head: string | null, at: Date): Promise<Outcome<string>> {
  for await (const commit of walkCommits(objects, head)) {
    if (commit.committedAt * 1000 <= at.getTime()) return done(commit.oid);
  }
  return failed('not-found', `The history of this folder begins after ${at.toISOString()}.`);
}

async function findByStart(objects: GitObjects, head: string | null, start: string): Promise<Outcome<string>> {
  const back = /^HEAD(?:~(\d{1,6}))?$/.exec(start);
  if (back !== null && head !== null) return findBefore(objects, head, Number(back[1] ?? 0));
  if (/^[0-9a-f]{40}$/.test(start) && (await objects.commit(start)) !== null) return done(start);
  const found: string[] = [];
  for await (const commit of walkCommits(objects, head)) {
    if (commit.oid.startsWith(start)) found.push(commit.oid);
    if (found.length > 1) return failed('bad-request', `Several commits begin with ${start}.`, 'Give more digits.');
  }
  return found[0] === undefined ? noSuchCommit(start) : done(found[0]);
}

async function findBefore(objects: GitObjects, head: string, steps: number): Promise<Outcome<string>> {
  let oid = head;
  for (let left = steps; left > 0; left--) {
    const parent = (await objects.commit(oid))?.parents[0];
    if (parent === undefined) return failed('not-found', `The history of this folder has less than ${steps} saves.`);
    oid = parent;
  }
  return done(oid);
}
