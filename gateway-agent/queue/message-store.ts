// The disk side of the queue: puts messages into the log, reads bodies back, copies and reclaims. Decides nothing
// about deliveries.
import type { Readable } from 'node:stream';
import { done, failed } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';
import { BodyMemory, memoryLimitBytes } from './body-memory.ts';
import { storageFailure } from './disk.ts';
import { readLargeBody, removeLargeBody } from './large-body.ts';
import { loadLog } from './load-log.ts';
import { LogWriter } from './log-writer.ts';
import { MessageIndex, snapshotOf } from './message-index.ts';
import type { IndexedMessage } from './message-index.ts';
import { readBody } from './read-body.ts';
import type { SmallBody } from './record-format.ts';
import { Reclaimer } from './reclaim.ts';
import { Reserve } from './reserve.ts';
import { makeFolders } from './segment-files.ts';
import type { QueueFolders, Segment } from './segment-files.ts';
import { DamagedParts } from './set-aside.ts';
import type { Mark, MessageMeta } from './stored-message.ts';

/** What the event log and the operator should know. */
export type QueueEvent =
  { event: 'queue-stopped'; reason: string } | { event: 'queue-recovered' } | { event: 'message-damaged'; id: string };

/** `folder` is the queue's own, `now` the clock: milliseconds since 1970; the numbers are for tests and measurements. */
export type StoreOptions = {
  folder: string;
  now: () => number;
  report?: (event: QueueEvent) => void;
  segmentBytes?: number;
  slackBytes?: number;
  memoryBytes?: number;
};

/** Messages copied forward together, so that they share a sync: at most 16 MiB of small bodies. */
const copiedTogether = 64;

/** Messages on disk and the index of them. Throws from the constructor what the file system throws. */
export class MessageStore {
  readonly index = new MessageIndex();
  readonly memory: BodyMemory;
  readonly folders: QueueFolders;
  /** The highest id ever seen in the log, or an empty text. */
  readonly highestId: string;
  readonly #report: (event: QueueEvent) => void;
  readonly #damaged: DamagedParts;
  readonly #segments: Segment[];
  readonly #writer: LogWriter;
  readonly #reclaimer: Reclaimer;

  constructor(options: StoreOptions) {
    this.#report = options.report ?? (() => undefined);
    this.memory = new BodyMemory(options.memoryBytes ?? memoryLimitBytes);
    this.folders = makeFolders(options.folder);
    this.#damaged = new DamagedParts(this.folders.damaged);
    const loaded = loadLog({ folders: this.folders, index: this.index, damaged: this.#damaged, now: options.now() });
    this.#segments = loaded.segments;
    this.highestId = loaded.highestId;
    this.#writer = this.#createWriter(options);
    this.#reclaimer = this.#createReclaimer(options);
    this.#reclaimer.start();
  }

  /** Resolves when the message is durable; then it is in the index and wants its first attempt. */
  async store(meta: MessageMeta, body: SmallBody | null): Promise<Outcome<{ id: string }>> {
    const stored = await this.#writer.append(meta, body);
    if (!stored.ok) return stored;
    const message = this.index.add(meta, stored.value);
    if (body) this.memory.keep(meta.id, body);
    this.index.schedule(message);
    return done({ id: meta.id });
  }

  /** A change that is already in the index; on the disk with the next batch. */
  mark(mark: Mark): void {
    this.#writer.mark(mark);
  }

  /** Nothing is left to do for the message: its record is garbage, and its file goes when the mark is durable. */
  finish(message: IndexedMessage): void {
    const { id, largeCrc } = message.meta;
    this.index.forget(id);
    this.memory.drop(id);
    const removeFile = () => void removeLargeBody(this.folders.large, id).catch(() => undefined); // else at start-up
    this.#writer.mark({ id, finished: true }, largeCrc === undefined ? null : removeFile);
  }

  /** The body as it was received. A stream fails before its end when the file is damaged. */
  async body(id: string): Promise<Outcome<SmallBody | Readable>> {
    const kept = this.memory.get(id);
    if (kept) return done(kept);
    const message = this.index.get(id);
    if (!message) return failed('not-found', `Message ${id} is not in the queue.`);
    const { largeCrc: crc, bytes } = message.meta;
    if (crc === undefined) return this.#readSmall(message);
    return done(readLargeBody(this.folders.large, { id, bytes, crc }, () => this.#setAside(message)));
  }

  /** Why nothing is accepted now, or null. */
  get failure(): Extract<Outcome<never>, { ok: false }> | null {
    return this.#writer.failure;
  }

  get damagedCount(): number {
    return this.#damaged.count;
  }

  get logBytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Returns when everything so far is on the disk. */
  flush(): Promise<Outcome<void>> {
    return this.#writer.flush();
  }

  async close(): Promise<Outcome<void>> {
    const closed = await this.#writer.close();
    await this.#reclaimer.settle();
    return closed;
  }

  async #readSmall(message: IndexedMessage): Promise<Outcome<SmallBody>> {
    const { place } = message;
    try {
      const body = await readBody(place);
      if (body) return done([body]);
    } catch (error) {
      if (message.place !== place) return this.#readSmall(message); // copied forward in the meantime
      return storageFailure(error);
    }
    this.#setAside(message);
    return failed('storage-failed', `Message ${message.meta.id} is damaged on the disk and was set aside.`);
  }

  #setAside(message: IndexedMessage): void {
    const { id, largeCrc } = message.meta;
    if (this.index.get(id) !== message) return;
    const { segment, offset, headBytes, bodyBytes } = message.place;
    const name = `log-${segment.number}-${offset}`;
    this.#damaged.setAside({ path: segment.path, offset, end: offset + headBytes + bodyBytes, name }, 'damaged');
    if (largeCrc !== undefined) this.#damaged.moveHere(this.folders.large, id);
    this.finish(message);
    this.#report({ event: 'message-damaged', id });
  }

  #createWriter(options: StoreOptions): LogWriter {
    return new LogWriter({
      folder: this.folders.root,
      nextNumber: (this.#segments.at(-1)?.number ?? 0) + 1,
      ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
      reserve: new Reserve(this.folders.root),
      onSegment: (segment) => this.#segments.push(segment),
      onSynced: () => this.#reclaimer.start(),
      onFailure: (reason) =>
        this.#report(reason === null ? { event: 'queue-recovered' } : { event: 'queue-stopped', reason }),
    });
  }

  #createReclaimer(options: StoreOptions): Reclaimer {
    return new Reclaimer({
      folder: this.folders.root,
      segments: this.#segments,
      active: () => this.#writer.active,
      liveBytes: () => this.index.liveBytes,
      copyForward: (segment) => this.#copyForward(segment),
      ...(options.slackBytes === undefined ? {} : { slackBytes: options.slackBytes }),
    });
  }

  async #copyForward(segment: Segment): Promise<void> {
    const messages = [...this.index.values()].filter(({ place }) => place.segment === segment);
    for (let start = 0; start < messages.length; start += copiedTogether) {
      await Promise.all(messages.slice(start, start + copiedTogether).map((message) => this.#copy(message)));
    }
  }

  async #copy(message: IndexedMessage): Promise<void> {
    const body = message.meta.largeCrc === undefined ? await this.#readSmall(message) : done(null);
    if (!body.ok || this.index.get(message.meta.id) !== message) return; // unreadable, or finished meanwhile
    const copied = await this.#writer.append(snapshotOf(message), body.value);
    if (!copied.ok) return;
    if (this.index.get(message.meta.id) === message) this.index.move(message, copied.value);
    else copied.value.segment.live -= 1;
  }
}
