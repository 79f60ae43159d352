// The audit log of a fleet folder: files in `audit/`, one chain a computer, only ever appended to and synced.
// Several programs may write at once; an end that a crash tore off is set right, and that is an entry too.
import { join } from 'node:path';
import { done, type Outcome } from '#contract/outcome';
import { type AuditEntry, type AuditFact, type Chain, compareWithEnd, readChain } from './audit-chain.ts';
import { appendToLog, type LogPlace } from './audit-append.ts';
import { createAuditReader, listAuditFiles, readAuditText } from './audit-files.ts';
import { headPath, loadHead, saveHead } from './audit-head.ts';
import { withFolderLock } from './folder-lock.ts';
import { reportingDisk } from './folder-writer.ts';

export type { AuditEntry, AuditFact } from './audit-chain.ts';

export type AuditQuery = { target: string | null; before: string | null; limit: number };

export type AuditVerdict = {
  entries: number;
  chains: number;
  broken: { writer: string; number: number | null; words: string }[];
};

export type AuditLog = {
  /** Written and synced when it resolves. */
  record(fact: AuditFact): Promise<Outcome<void>>;
  /** Of all computers, newest first. */
  list(query: AuditQuery): Promise<Outcome<{ entries: AuditEntry[]; hasMore: boolean }>>;
  /** By gateway its newest push or rollback, whatever came of it and whoever's it was. */
  lastPushes(): Promise<Outcome<Map<string, AuditEntry>>>;
  /** Reads every chain whole, and compares it with what this computer remembers of it. */
  verify(): Promise<Outcome<AuditVerdict>>;
};

export type AuditLogOptions = {
  fleetFolder: string;
  /** The app's own folder, where the ends of the chains are remembered. */
  appFolder: string;
  by: string;
};

/** Nothing is made before the first entry. */
export function openAuditLog({ fleetFolder, appFolder, by }: AuditLogOptions): AuditLog {
  const logs = join(fleetFolder, 'audit');
  const heads = join(appFolder, 'audit');
  const place = async (): Promise<LogPlace> => ({
    logs,
    fleetFolder,
    headFile: await headPath(appFolder, fleetFolder),
  });
  const locked = <T>(work: () => Promise<Outcome<T>>) =>
    reportingDisk(fleetFolder, () => withFolderLock(heads, work), 'The audit log lacks an entry.');
  const readEntries = createAuditReader(logs, (entries) => entries);
  const readPushes = createAuditReader(logs, newestPushes);

  /** Entries that come while others are written share the next write and its sync. */
  let waiting: AuditFact[] = [];
  let next: Promise<Outcome<void>> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const writeWaiting = async (): Promise<Outcome<void>> => {
    next = null;
    const facts = waiting;
    waiting = [];
    return locked(async () => done(await appendToLog(await place(), facts, by)));
  };

  return {
    record(fact) {
      waiting.push(fact);
      next ??= last.then(writeWaiting);
      last = next.catch(() => undefined);
      return next;
    },
    list: (query) => reportingDisk(fleetFolder, async () => done(selectEntries((await readEntries()).flat(), query))),
    lastPushes: () =>
      reportingDisk(fleetFolder, async () =>
        done(newestPushes((await readPushes()).flatMap((pushes) => [...pushes.values()]))),
      ),
    verify: () =>
      locked(async () => {
        const at = await place();
        await appendToLog(at, [], by); // sets a torn end right
        return done(await judgeChains(at, await readChains(logs)));
      }),
  };
}

type Chains = Map<string, Chain>;

async function readChains(logs: string): Promise<Chains> {
  const chains: Chains = new Map();
  for (const [writer, parts] of await listAuditFiles(logs)) {
    const { text, refused } = await readAuditText(logs, writer, parts);
    const chain = readChain(writer, text);
    chain.breaks.push(...refused.map((words) => ({ number: null, words })));
    chains.set(writer, chain);
  }
  return chains;
}

function selectEntries(all: AuditEntry[], query: AuditQuery): { entries: AuditEntry[]; hasMore: boolean } {
  const { target, before, limit } = query;
  const fitting = all
    .filter((entry) => (target === null || entry.target === target) && (before === null || entry.at < before))
    .toSorted((a, b) => b.at.localeCompare(a.at) || b.number - a.number || a.writer.localeCompare(b.writer));
  let end = limit;
  // A page never ends between two entries of the same moment: `before` could not tell them apart.
  while (end < fitting.length && fitting[end]?.at === fitting[end - 1]?.at) end++;
  return { entries: fitting.slice(0, end), hasMore: fitting.length > end };
}

const pushActions: readonly string[] = ['push', 'rollback'];

/** Of equal moments the later in the list, which is the later in its file. */
function newestPushes(entries: readonly AuditEntry[]): Map<string, AuditEntry> {
  const newest = new Map<string, AuditEntry>();
  for (const entry of entries) {
    if (entry.target === null || !pushActions.includes(entry.action)) continue;
    const other = newest.get(entry.target);
    if (other === undefined || entry.at >= other.at) newest.set(entry.target, entry);
  }
  return newest;
}

/** More helps nobody: one change at the start of a log is one line here. */
const maxBroken = 200;

async function judgeChains(at: LogPlace, chains: Chains): Promise<AuditVerdict> {
  const { head, isNew } = await loadHead(at.headFile, at.fleetFolder);
  const verdict: AuditVerdict = { entries: 0, chains: chains.size, broken: [] };
  const note = (writer: string, breaks: Chain['breaks']) =>
    verdict.broken.push(...breaks.map((each) => ({ writer, ...each })));
  const remembered = { ...head.seen, ...(isNew ? {} : { [head.writer]: head.end }) };
  for (const [writer, chain] of chains) {
    const known = remembered[writer];
    const whoSaw = writer === head.writer ? 'this computer wrote' : 'this computer has seen';
    const breaks = [...chain.breaks, ...(known === undefined ? [] : compareWithEnd(chain, known, whoSaw))];
    note(writer, breaks);
    verdict.entries += chain.entries.length;
    if (breaks.length === 0 && writer !== head.writer) head.seen[writer] = chain.end;
  }
  for (const [writer, { count }] of Object.entries(remembered)) {
    if (chains.has(writer) || count === 0) continue;
    note(writer, [{ number: null, words: `The whole log is gone; it had ${count} entries.` }]);
  }
  verdict.broken = verdict.broken.slice(0, maxBroken);
  if (Object.keys(head.seen).length > 0) await saveHead(at.headFile, head);
  return verdict;
}
