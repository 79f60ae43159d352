// `postern queue`: the messages that wait on the gateways, one of them with its header, and what is done to them.
import { done, failed, type Outcome } from '#contract/outcome';
import type { QueueEntry, Replies } from '#contract/replies';
import type { QueueTask } from '#contract/requests';
import { exitStatus } from './exit-status.ts';
import { askAll } from './questions.ts';
import { endWithProblem, showAnswers } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

type Reply = Replies['queue'];
type Action = Extract<QueueTask, { kind: 'act' }>['action'];

/** What can be done to waiting messages, in the words of --help. */
export const queueActions: readonly { action: Action; words: string }[] = [
  { action: 'retry', words: 'Try these messages now' },
  { action: 'hold', words: 'Keep these messages until they are released' },
  { action: 'release', words: 'Let held messages go on' },
  { action: 'remove', words: 'Delete these messages; restore brings them back within ten minutes' },
  { action: 'restore', words: 'Bring back deleted messages' },
  { action: 'bounce', words: 'Return these messages to their senders as undeliverable' },
];

/** What `queue list` leaves out. */
export type QueueFilter = {
  domain?: string;
  error?: string;
  state?: 'queued' | 'deferred' | 'held';
  olderThan?: number;
  limit: number;
};

/** The agent gives at most this many in one answer. */
const pageEntries = 1000;

/** The messages that wait. */
export async function listQueueCommand(session: Session, filter: QueueFilter): Promise<number> {
  const answers = await askAll(session, (name) => listQueue(session, name, filter));
  return showAnswers(session, answers, {
    command: 'queue list',
    words: (replies) =>
      formatTable(
        ['gateway', 'id', 'received', 'bytes', 'state', 'attempts', 'sender', 'recipients', 'last reply'],
        replies.flatMap(({ gateway, value }) => value.entries.map((entry) => [gateway, ...cellsOf(entry)])),
      ) + replies.map(({ gateway, value }) => `${gateway}: ${countWords(value)}\n`).join(''),
  });
}

async function listQueue(session: Session, name: string, filter: QueueFilter): Promise<Outcome<Reply>> {
  const { domain, error, state, olderThan, limit } = filter;
  const minAgeSeconds = olderThan === undefined ? undefined : olderThan * 60;
  const entries: QueueEntry[] = [];
  for (;;) {
    const page = await session.engine.queue(name, {
      kind: 'list',
      domain,
      error,
      state,
      minAgeSeconds,
      after: entries.at(-1)?.id,
      limit: Math.min(pageEntries, limit - entries.length),
    });
    if (!page.ok) return page;
    entries.push(...page.value.entries);
    const isWhole = !page.value.hasMore || page.value.entries.length === 0 || entries.length >= limit;
    if (isWhole) return done({ ...page.value, entries });
  }
}

function cellsOf(entry: QueueEntry): string[] {
  const states = new Set(entry.removedAt === null ? entry.recipients.map(({ state }) => state) : ['removed']);
  return [
    entry.id,
    entry.receivedAt,
    String(entry.bytes),
    [...states].join(','),
    String(Math.max(0, ...entry.recipients.map(({ attempts }) => attempts))),
    entry.sender === '' ? '<>' : oneLine(entry.sender),
    oneLine(entry.recipients.map(({ address }) => address).join(' ')),
    oneLine(entry.recipients.find(({ lastReply }) => lastReply !== null)?.lastReply ?? ''),
  ];
}

/** Peers write replies, and senders addresses: nothing of them may steer the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function countWords({ entries, total, hasMore }: Reply): string {
  const shown = `${entries.length} shown${hasMore ? ', more fit' : ''}`;
  return `${shown}; ${total} in the whole queue`;
}

/** One message: its recipients and its header. */
export async function showQueueCommand(session: Session, id: string): Promise<number> {
  const asked = await askAll(session, (name) => session.engine.queue(name, { kind: 'show', id }));
  // A message waits on one gateway: where it was found, the others need not say that they lack it.
  const isFound = asked.some(({ answer }) => answer.ok);
  const answers = asked.filter(({ answer }) => answer.ok || !isFound || answer.problem.code !== 'not-found');
  return showAnswers(session, answers, {
    command: 'queue show',
    words: (replies) => replies.map(({ gateway, value }) => messageWords(gateway, value)).join('\n'),
  });
}

function messageWords(gateway: string, { entries, header }: Reply): string {
  const [entry] = entries;
  if (entry === undefined) return `${gateway}: no such message\n`;
  const rows = entry.recipients.map(({ address, state, attempts, nextAttemptAt, lastReply }) => [
    oneLine(address),
    state,
    String(attempts),
    nextAttemptAt ?? '',
    oneLine(lastReply ?? ''),
  ]);
  const lines = (header ?? '').split(/\r?\n/).map(oneLine).join('\n').trimEnd();
  const about = `${entry.bytes} bytes, received ${entry.receivedAt}, from <${oneLine(entry.sender)}>`;
  return `${gateway}: ${entry.id}, ${about}\n${formatTable(['recipient', 'state', 'attempts', 'next attempt', 'last reply'], rows)}\n${lines}\n`;
}

/** The agent takes at most this many ids in one request. */
const idsAtOnce = 1000;

/** Does one thing to some messages. Not as asked: a message that is no longer there, or cannot be changed so. */
export async function actOnQueueCommand(session: Session, action: Action, ids: string[]): Promise<number> {
  if (session.names.length !== 1) {
    const problem = failed('bad-request', 'Messages are named for one gateway: say which with --gateway.').problem;
    return endWithProblem(session.terminal, problem, { command: `queue ${action}`, json: session.json });
  }
  const answers = await askAll(session, (name) => actOnQueue(session, name, { action, ids }));
  return showAnswers(session, answers, {
    command: `queue ${action}`,
    words: (replies) =>
      replies.map(({ gateway, value }) => `${gateway}: ${action}: ${value.changed} of ${ids.length}\n`).join(''),
    statusOf: ({ changed }) => (changed === ids.length ? exitStatus.done : exitStatus.refused),
  });
}

type Act = { action: Action; ids: string[] };

async function actOnQueue(session: Session, name: string, { action, ids }: Act): Promise<Outcome<Reply>> {
  let changed = 0;
  for (let start = 0; ; start += idsAtOnce) {
    const some = ids.slice(start, start + idsAtOnce);
    const acted = await session.engine.queue(name, { kind: 'act', action, ids: some });
    if (!acted.ok) return acted;
    changed += acted.value.changed;
    if (start + idsAtOnce >= ids.length) return done({ ...acted.value, changed });
  }
}
