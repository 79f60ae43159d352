// All queued messages in memory: lookup, order of attempts, filters, counts. Touches no disk.
import { DueHeap } from './due-heap.ts';
import type { Place } from './log-writer.ts';
import { freshProgress, isOpen } from './stored-message.ts';
import type { Envelope, MessageMeta, Progress, RecipientState } from './stored-message.ts';

/** How long a removed message can still be restored: ten minutes, as requests.ts promises. */
export const undoMilliseconds = 10 * 60 * 1000;

/** A message as the index holds it. */
export type IndexedMessage = {
  meta: Omit<MessageMeta, 'progress' | 'removedAt'>;
  progress: Progress[];
  removedAt: number | null;
  place: Place;
  /** The time of its entry in the heap, or null when it waits for nothing. */
  dueAt: number | null;
  /** Handed out by `takeDue` and not given back yet. */
  isTaken: boolean;
};

/** A recipient with its place in the envelope, which is how changes name it. */
type QueuedRecipient = Envelope['recipients'][number] & Progress & { index: number };

/** What others see of a message. */
export type QueuedMessage = {
  id: string;
  receivedAt: number;
  bytes: number;
  envelope: Envelope;
  recipients: QueuedRecipient[];
  removedAt: number | null;
};

/** Every given field must match; texts are compared without case. */
export type QueueFilter = {
  domain?: string;
  state?: RecipientState;
  olderThan?: number;
  error?: string;
  /** Ids after this one: the next page. */
  after?: string;
  limit?: number;
};

/** The queue's content as a table that knows who is next. */
export class MessageIndex {
  readonly #messages = new Map<string, IndexedMessage>();
  readonly #heap = new DueHeap();
  /** Of all messages, as they were received. */
  bytes = 0;
  /** Of all records that are still needed. */
  liveBytes = 0;

  get count(): number {
    return this.#messages.size;
  }

  get(id: string): IndexedMessage | undefined {
    return this.#messages.get(id);
  }

  values(): IterableIterator<IndexedMessage> {
    return this.#messages.values();
  }

  /** Takes a message in, or a newer record of one that is known. Whoever calls has counted the new place as live. */
  add(meta: MessageMeta, place: Place): IndexedMessage {
    this.forget(meta.id);
    const { progress, removedAt, ...rest } = meta;
    const message: IndexedMessage = {
      meta: rest,
      progress: progress ?? freshProgress(meta),
      removedAt: removedAt ?? null,
      place,
      dueAt: null,
      isTaken: false,
    };
    this.#messages.set(meta.id, message);
    this.bytes += meta.bytes;
    this.liveBytes += recordBytes(place);
    return message;
  }

  /** A newer record of the message is on the disk. Whoever calls has counted the new place as live. */
  move(message: IndexedMessage, place: Place): void {
    message.place.segment.live -= 1;
    this.liveBytes += recordBytes(place) - recordBytes(message.place);
    message.place = place;
  }

  /** Its record is garbage from now on. */
  forget(id: string): void {
    const message = this.#messages.get(id);
    if (!message) return;
    this.#messages.delete(id);
    this.bytes -= message.meta.bytes;
    this.liveBytes -= recordBytes(message.place);
    message.place.segment.live -= 1;
  }

  /** Puts the message where its progress says; call after each change. */
  schedule(message: IndexedMessage): void {
    const dueAt = message.isTaken ? null : nextTime(message);
    if (dueAt === message.dueAt) return;
    message.dueAt = dueAt;
    if (dueAt !== null) this.#heap.push({ at: dueAt, id: message.meta.id });
  }

  /** When the next message wants something, or null. */
  nextDueAt(): number | null {
    for (let entry = this.#heap.peek(); entry; entry = this.#heap.peek()) {
      if (this.#messages.get(entry.id)?.dueAt === entry.at) return entry.at;
      this.#heap.pop();
    }
    return null;
  }

  /** The next message whose time has come, out of the order until `schedule` puts it back. */
  pop(now: number): IndexedMessage | null {
    const at = this.nextDueAt();
    if (at === null || at > now) return null;
    const message = this.#messages.get(this.#heap.pop()?.id ?? '');
    if (!message) return null;
    message.dueAt = null;
    return message;
  }

  /** Matching messages in the order of arrival, and how many match in all pages. */
  list(filter: QueueFilter): { total: number; messages: QueuedMessage[] } {
    const limit = filter.limit ?? 1000;
    const found: IndexedMessage[] = [];
    let total = 0;
    for (const message of this.#messages.values()) {
      if (!matches(message, filter)) continue;
      total += 1;
      if (filter.after === undefined || message.meta.id > filter.after) found.push(message);
    }
    // Commits overtake each other, so the map is nearly but not quite in the order of ids.
    found.sort((left, right) => (left.meta.id < right.meta.id ? -1 : 1));
    return { total, messages: found.slice(0, limit).map(describeMessage) };
  }
}

/** The view of a message that leaves the queue. */
export function describeMessage(message: IndexedMessage): QueuedMessage {
  const { id, receivedAt, bytes, envelope } = message.meta;
  const recipients = envelope.recipients.map((recipient, index) => ({
    ...recipient,
    ...progressOf(message, index),
    index,
  }));
  return { id, receivedAt, bytes, envelope, recipients, removedAt: message.removedAt };
}

/** The meta to write when a message is copied forward: everything known by now. */
export function snapshotOf(message: IndexedMessage): MessageMeta {
  const { meta, progress, removedAt } = message;
  return removedAt === null ? { ...meta, progress } : { ...meta, progress, removedAt };
}

function recordBytes(place: Place): number {
  return place.headBytes + place.bodyBytes;
}

function progressOf(message: IndexedMessage, index: number): Progress {
  const progress = message.progress[index];
  if (!progress) throw new Error(`message ${message.meta.id} has no recipient ${index}`);
  return progress;
}

function nextTime(message: IndexedMessage): number | null {
  if (message.removedAt !== null) return message.removedAt + undoMilliseconds;
  let next: number | null = null;
  for (const { state, nextAttemptAt } of message.progress) {
    if ((state === 'queued' || state === 'deferred') && (next === null || nextAttemptAt < next)) next = nextAttemptAt;
  }
  return next;
}

function matches(message: IndexedMessage, filter: QueueFilter): boolean {
  if (filter.olderThan !== undefined && message.meta.receivedAt >= filter.olderThan) return false;
  if (!filter.domain && !filter.error && !filter.state) return true;
  const domain = filter.domain === undefined ? undefined : `@${filter.domain.toLowerCase()}`;
  const error = filter.error?.toLowerCase();
  return message.meta.envelope.recipients.some(({ address }, index) => {
    const { state, lastReply } = progressOf(message, index);
    if (domain !== undefined && !address.toLowerCase().endsWith(domain)) return false;
    if (filter.state !== undefined && state !== filter.state) return false;
    if (error !== undefined && !lastReply?.toLowerCase().includes(error)) return false;
    return isOpen({ state, attempts: 0, nextAttemptAt: 0 }) || filter.state !== undefined || message.removedAt !== null;
  });
}
