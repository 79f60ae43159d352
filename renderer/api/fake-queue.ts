// Queues of the fake fleet: thousands of messages in every state, changed by what one does to them.
import type { CallName, Output, RawInput } from '#ipc';
import { done, failed, type Outcome } from '#contract/outcome';
import type { QueueEntry, QueueGauges } from '#contract/replies';
import { fakeRevision } from './fake-fleet.ts';

const minute = 60_000;
const domains = ['example.net', 'partner.example', 'mail.example.org', 'news.example.com', 'slow.example'];
const replies = [
  '451 4.7.1 Greylisted, please try again in 300 seconds',
  '421 4.7.0 mail.example.org too many connections from 192.0.2.40',
  'No answer within 30 seconds from 198.51.100.25 port 25',
  '452 4.2.2 <d.okafor@partner.example> mailbox is full',
  'TLS is required, and the certificate of mx.partner.example expired 3 days ago',
];
const sizes: Record<string, number> = { mx1: 2340, 'edge-fra-1': 3, 'edge-fra-2': 48 };

function fakeEntry(gateway: string, i: number, count: number): QueueEntry {
  const ageMinutes = ((count - i) / count) ** 3 * 4000 + 0.2;
  const receivedAt = new Date(Date.now() - ageMinutes * minute).toISOString();
  const isFresh = ageMinutes < 2;
  const state = isFresh ? 'queued' : i % 37 === 0 ? 'held' : 'deferred';
  const recipient = (r: number): QueueEntry['recipients'][number] => ({
    address: `user.${(i * 7 + r) % 400}@${domains[(i + r) % domains.length] ?? ''}`,
    state,
    attempts: isFresh ? 0 : Math.min(40, Math.ceil(Math.log2(ageMinutes + 1))),
    nextAttemptAt: state === 'held' ? null : new Date(Date.now() + ((i % 60) + 1) * minute).toISOString(),
    lastReply: isFresh ? null : (replies[(i + r) % replies.length] ?? null),
  });
  return {
    id: `01KAT${i.toString(36).padStart(4, '0')}${fakeRevision(gateway + i).slice(0, 3)}`.toUpperCase(),
    receivedAt,
    bytes: 900 + ((i * 7919) % 90_000) * (i % 50 === 0 ? 40 : 1),
    sender: i % 23 === 0 ? '' : `notices.${i % 90}@app.example.net`,
    recipients: Array.from({ length: i % 11 === 0 ? 12 : 1 }, (_, r) => recipient(r)),
    removedAt: null,
  };
}

const header = (entry: QueueEntry): string =>
  [
    `Received: from app7.example.net (app7.example.net [192.0.2.77])`,
    `\tby mx1.example.net (Postern) with ESMTPS id ${entry.id}`,
    `\t(TLSv1.3:TLS_AES_256_GCM_SHA384); ${new Date(entry.receivedAt).toUTCString()}`,
    `From: Notices <${entry.sender}>`,
    `To: ${entry.recipients.map(({ address }) => address).join(',\r\n\t')}`,
    `Subject: <b>Your weekly report</b> \u202etxt.exe`,
    `Message-ID: <${entry.id}@app.example.net>`,
    `MIME-Version: 1.0`,
    `Content-Type: text/plain; charset=utf-8`,
  ].join('\r\n');

const queues = new Map<string, QueueEntry[]>();

function queueOf(name: string): QueueEntry[] {
  const count = sizes[name] ?? 0;
  const queue = queues.get(name) ?? Array.from({ length: count }, (_, i) => fakeEntry(name, i, count));
  queues.set(name, queue);
  return queue;
}

/** The figures of one gateway's queue. */
export function fakeGauges(name: string): QueueGauges {
  const queue = queueOf(name);
  const oldest = queue[0];
  const isFull = name === 'edge-fra-2';
  return {
    messages: queue.length,
    bytes: queue.reduce((sum, { bytes }) => sum + bytes, 0),
    oldestAgeSeconds: oldest === undefined ? null : (Date.now() - Date.parse(oldest.receivedAt)) / 1000,
    damaged: isFull ? 2 : 0,
    stoppedBecause: isFull ? 'The disk of the queue is full (0 of 40 GB free): messages are answered 452 4.3.1.' : null,
  };
}

type QueueCalls = Extract<CallName, `queue:${string}`>;
type Answers = { [C in QueueCalls]: (input: RawInput<C>) => Promise<Outcome<Output<C>>> };

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function fits(entry: QueueEntry, filter: RawInput<'queue:list'>): boolean {
  const has = (take: (recipient: QueueEntry['recipients'][number]) => boolean): boolean => entry.recipients.some(take);
  return (
    (filter.domain === undefined || has(({ address }) => address.endsWith(`@${filter.domain}`))) &&
    (filter.state === undefined || has(({ state }) => state === filter.state)) &&
    (filter.error === undefined ||
      has(({ lastReply }) => lastReply?.toLowerCase().includes(filter.error?.toLowerCase() ?? '') ?? false)) &&
    (filter.minAgeSeconds === undefined || Date.now() - Date.parse(entry.receivedAt) >= filter.minAgeSeconds * 1000)
  );
}

function change(entry: QueueEntry, action: RawInput<'queue:act'>['action']): void {
  const state = { hold: 'held', release: 'queued', retry: 'queued', bounce: 'bounced' }[action as 'hold'];
  if (action === 'remove') entry.removedAt = new Date().toISOString();
  if (action === 'restore') entry.removedAt = null;
  if (state === undefined) return;
  const nextAttemptAt = state === 'queued' ? new Date().toISOString() : null;
  entry.recipients = entry.recipients.map((recipient) => ({ ...recipient, state, nextAttemptAt }));
}

/** Answers about queues; gateways that are down do not answer. */
export function fakeQueueAnswers(): Answers {
  const nothing = { entries: [], total: 0, hasMore: false, header: null, changed: 0 };
  const ask = async (name: string, answer: (queue: QueueEntry[]) => Partial<typeof nothing> | object) => {
    await wait(200);
    if (name === 'mx3' || name === 'old')
      return failed('unreachable', `${name} port 22 does not answer (timed out after 10 seconds).`);
    const queue = queueOf(name);
    return done({ ...nothing, total: queue.length, ...answer(queue) });
  };
  return {
    'queue:list': ({ name, ...filter }) =>
      ask(name, (queue) => {
        const from = queue.findIndex(({ id }) => id === filter.after) + 1;
        const fitting = queue.slice(from).filter((entry) => fits(entry, { name, ...filter }));
        const limit = filter.limit ?? 200;
        return { entries: structuredClone(fitting.slice(0, limit)), hasMore: fitting.length > limit };
      }),
    'queue:show': ({ name, id }) =>
      ask(name, (queue) => {
        const entry = queue.find((candidate) => candidate.id === id);
        return entry === undefined ? {} : { entries: [structuredClone(entry)], header: header(entry) };
      }),
    'queue:act': ({ name, action, ids }) =>
      ask(name, (queue) => {
        const asked = new Set(ids);
        const chosen = queue.filter(({ id }) => asked.has(id));
        for (const entry of chosen) change(entry, action);
        if (action === 'bounce')
          queues.set(
            name,
            queue.filter(({ id }) => !asked.has(id)),
          );
        return { changed: chosen.length };
      }),
  };
}
