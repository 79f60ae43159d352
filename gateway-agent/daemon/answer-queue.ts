// The operator's view of the queue: lists, shows and acts, in the words of the contract.
import { done, failed } from '#contract/outcome';
import type { Answer, QueueEntry, QueueGauges, QueueReply } from '#contract/replies';
import type { QueueTask } from '#contract/requests';
import type { Delivery } from '../delivery/delivery.ts';
import type { QueuedMessage } from '../queue/message-index.ts';
import type { Queue } from '../queue/queue.ts';

/** Who answers. */
export type QueueParts = { queue: Queue; delivery: Delivery };

type Task<K extends QueueTask['kind']> = Extract<QueueTask, { kind: K }>;

/** One task of the `queue` verb. */
export async function answerQueue(parts: QueueParts, task: QueueTask): Promise<Answer<QueueReply>> {
  switch (task.kind) {
    case 'list':
      return done(list(parts.queue, task));
    case 'show':
      return show(parts.queue, task);
    case 'act':
      return done({ ...emptyReply(parts.queue), changed: await act(parts, task) });
  }
}

/** The queue in figures. */
export function describeQueue(queue: Queue): QueueGauges {
  const { messages, bytes, oldestAt, damaged, stoppedBecause } = queue.gauges();
  const oldestAgeSeconds = oldestAt === null ? null : Math.max(0, (Date.now() - oldestAt) / 1000);
  return { messages, bytes, oldestAgeSeconds, damaged, stoppedBecause };
}

function emptyReply(queue: Queue): QueueReply {
  return { entries: [], total: queue.gauges().messages, hasMore: false, header: null, changed: 0 };
}

function list(queue: Queue, { domain, error, state, minAgeSeconds, after, limit }: Task<'list'>): QueueReply {
  const { messages } = queue.list({
    limit: limit + 1, // one more tells whether there is a next page
    ...(domain === undefined ? {} : { domain }),
    ...(error === undefined ? {} : { error }),
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { after }),
    ...(minAgeSeconds === undefined ? {} : { olderThan: Date.now() - minAgeSeconds * 1000 }),
  });
  return {
    ...emptyReply(queue),
    entries: messages.slice(0, limit).map(toEntry),
    hasMore: messages.length > limit,
  };
}

async function show(queue: Queue, { id }: Task<'show'>): Promise<Answer<QueueReply>> {
  const message = queue.message(id);
  if (!message)
    return failed('not-found', `Message ${id} is not in the queue any more.`, 'It was delivered or removed.');
  const header = await queue.header(id);
  if (!header.ok) return header;
  return done({ ...emptyReply(queue), entries: [toEntry(message)], header: header.value });
}

/** How many messages were changed. */
async function act({ queue, delivery }: QueueParts, { action, ids }: Task<'act'>): Promise<number> {
  if (action === 'retry' || action === 'release') delivery.revive();
  // All at once: what is to be returned is held from this moment on, while the first ones are still written.
  const isChanged = ids.map(async (id) => (action === 'bounce' ? delivery.bounce(id) : actOn(queue, id, action)));
  return (await Promise.all(isChanged)).filter(Boolean).length;
}

function actOn(queue: Queue, id: string, action: Exclude<Task<'act'>['action'], 'bounce'>): boolean {
  switch (action) {
    case 'remove':
      return queue.remove(id);
    case 'restore':
      return queue.restore(id);
    default:
      return queue.act(id, action);
  }
}

function toEntry({ id, receivedAt, bytes, envelope, recipients, removedAt }: QueuedMessage): QueueEntry {
  return {
    id,
    bytes,
    receivedAt: new Date(receivedAt).toISOString(),
    sender: envelope.sender,
    recipients: recipients.map(({ address, state, attempts, nextAttemptAt, lastReply }) => ({
      address,
      state,
      attempts,
      nextAttemptAt: state === 'queued' || state === 'deferred' ? new Date(nextAttemptAt).toISOString() : null,
      lastReply: lastReply ?? null,
    })),
    removedAt: removedAt === null ? null : new Date(removedAt).toISOString(),
  };
}
