// The queue of accepted messages: durable before anybody says 250, in order of their next attempt, whole after a crash.
// SMTP fills it, delivery empties it, an operator looks in and acts; none of them is known here.
import type { Readable } from 'node:stream';
import { done } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';
import { actOnProgress, changeProgress } from './change-progress.ts';
import type { OperatorAction, RecipientChange } from './change-progress.ts';
import { storageFailure } from './disk.ts';
import { Incoming } from './incoming.ts';
import { describeMessage } from './message-index.ts';
import type { IndexedMessage, QueuedMessage, QueueFilter } from './message-index.ts';
import { MessageStore } from './message-store.ts';
import type { StoreOptions } from './message-store.ts';
import { createQueueIds } from './queue-id.ts';
import { readHeader } from './read-header.ts';
import type { SmallBody } from './record-format.ts';
import { Room } from './room.ts';
import { isOpen } from './stored-message.ts';
import type { Envelope, Progress } from './stored-message.ts';

/** Figures for `status`. */
export type QueueGauges = {
  messages: number;
  bytes: number;
  /** When the oldest message came, or null. */
  oldestAt: number | null;
  /** Parts of the log that were damaged and set aside. */
  damaged: number;
  logBytes: number;
  memoryBytes: number;
  /** Why nothing is accepted now, or null. */
  stoppedBecause: string | null;
};

/** Opens the queue and reads what is in it; blocks while it reads. Only one process may have it open. */
export function openQueue(options: StoreOptions): Outcome<Queue> {
  try {
    return done(new Queue(options, new MessageStore(options)));
  } catch (error) {
    return storageFailure(error);
  }
}

/**
 * A message's life: `begin` … `write` … `commit` (durable) → `takeDue` → `record` results → `giveBack`. One that has no
 * open recipient is forgotten by itself. What was taken at a crash is due again at the next start.
 */
export class Queue {
  readonly #now: () => number;
  readonly #store: MessageStore;
  readonly #room: Room;
  readonly #newId: () => string;
  #onDue: () => void = () => undefined;

  constructor(options: StoreOptions, store: MessageStore) {
    this.#now = options.now;
    this.#store = store;
    this.#room = new Room(store.folders.root);
    this.#newId = createQueueIds(options.now, store.highestId);
  }

  /** Starts a message. Its id can be used in a Received header, which is the first thing to write. */
  begin(envelope: Envelope): Incoming {
    const { folders, memory } = this.#store;
    return new Incoming(
      { id: this.#newId(), receivedAt: this.#now(), envelope },
      {
        largeFolder: folders.large,
        memory,
        store: async (meta, body) => {
          const stored = await this.#store.store(meta, body);
          if (stored.ok) this.#onDue();
          return stored;
        },
      },
    );
  }

  /** False: refuse at MAIL with 452 4.3.1. Cheap enough for every MAIL. */
  hasRoomFor(maxMessageBytes: number): boolean {
    return this.#store.failure === null && this.#room.hasRoomFor(maxMessageBytes);
  }

  /** Called whenever a message may have become due before `nextDueAt` said so. One listener. */
  whenDue(listener: () => void): void {
    this.#onDue = listener;
  }

  /** When the next message wants something, or null. */
  nextDueAt(): number | null {
    return this.#store.index.nextDueAt();
  }

  /** Hands out messages whose time has come, longest waiting first; nobody else gets them until `giveBack`. */
  takeDue(limit: number): QueuedMessage[] {
    const taken: QueuedMessage[] = [];
    while (taken.length < limit) {
      const message = this.#store.index.pop(this.#now());
      if (!message) break;
      if (message.removedAt !== null) {
        this.#store.finish(message); // the time for `restore` is over
        continue;
      }
      message.isTaken = true;
      taken.push(describeMessage(message));
    }
    return taken;
  }

  /** Results of attempts. Counts at once; on the disk with the next batch, or when `flush` returns. */
  record(id: string, changes: RecipientChange[]): void {
    const message = this.#store.index.get(id);
    if (!message) return;
    this.#change(message, (progress, index) => {
      const mine = changes.filter((change) => change.index === index);
      return mine.length === 0 ? null : mine.reduce(changeProgress, progress);
    });
  }

  /** The attempt is over; the message waits for its next one, if it is not finished. */
  giveBack(id: string): void {
    const message = this.#store.index.get(id);
    if (!message?.isTaken) return;
    message.isTaken = false;
    this.#store.memory.drop(id); // it waits for minutes or more; memory is for what moves
    this.#store.index.schedule(message);
  }

  /** Returns when everything recorded so far is on the disk. */
  flush(): Promise<Outcome<void>> {
    return this.#store.flush();
  }

  message(id: string): QueuedMessage | null {
    const message = this.#store.index.get(id);
    return message ? describeMessage(message) : null;
  }

  list(filter: QueueFilter = {}): { total: number; messages: QueuedMessage[] } {
    return this.#store.index.list(filter);
  }

  /** The message as it was received, in pieces that nobody may change. A stream fails before its end when the file is damaged. */
  body(id: string): Promise<Outcome<SmallBody | Readable>> {
    return this.#store.body(id);
  }

  /** The header section, at most its first 64 KiB. */
  async header(id: string): Promise<Outcome<string>> {
    const body = await this.#store.body(id);
    return body.ok ? readHeader(body.value) : body;
  }

  /** Holds, releases or retries the open recipients; false when there is nothing to do that to. */
  act(id: string, action: OperatorAction): boolean {
    const message = this.#store.index.get(id);
    if (!message || message.removedAt !== null) return false;
    const now = this.#now();
    const isChanged = this.#change(message, (progress) => actOnProgress(progress, action, now));
    if (isChanged && action !== 'hold') this.#onDue();
    return isChanged;
  }

  /** Tries to deliver it no more; `restore` takes that back for `undoMilliseconds`. False when it is not there. */
  remove(id: string): boolean {
    return this.#setRemoved(id, this.#now());
  }

  restore(id: string): boolean {
    const isRestored = this.#setRemoved(id, null);
    if (isRestored) this.#onDue();
    return isRestored;
  }

  gauges(): QueueGauges {
    const { index, memory, damagedCount, logBytes, failure } = this.#store;
    const oldest = index.values().next();
    return {
      messages: index.count,
      bytes: index.bytes,
      oldestAt: oldest.done ? null : oldest.value.meta.receivedAt,
      damaged: damagedCount,
      logBytes,
      memoryBytes: memory.bytes,
      stoppedBecause: failure?.problem.message ?? null,
    };
  }

  /** Writes what waits; afterwards nothing is accepted. */
  close(): Promise<Outcome<void>> {
    return this.#store.close();
  }

  #change(message: IndexedMessage, decide: (progress: Progress, index: number) => Progress | null): boolean {
    const changed: [number, Progress][] = [];
    for (const [index, progress] of message.progress.entries()) {
      const next = decide(progress, index);
      if (next) changed.push([index, next]);
    }
    if (changed.length === 0) return false;
    for (const [index, progress] of changed) message.progress[index] = progress;
    if (!message.progress.some(isOpen)) {
      this.#store.finish(message);
      return true;
    }
    this.#store.mark({ id: message.meta.id, progress: changed });
    this.#store.index.schedule(message);
    return true;
  }

  #setRemoved(id: string, removedAt: number | null): boolean {
    const message = this.#store.index.get(id);
    if (!message || (message.removedAt === null) === (removedAt === null)) return false;
    message.removedAt = removedAt;
    this.#store.mark({ id, removedAt });
    this.#store.index.schedule(message);
    return true;
  }
}
