// Appends to the log: one write and one fdatasync for all that wait. A batch that fails is answered as failed, its
// segment is left for good (after a failed sync its pages cannot be trusted), and a probe finds out when writing works.
import { randomBytes } from 'node:crypto';
import { done, failed } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';
import {
  close,
  createSynced,
  errorCodeOf,
  removeSynced,
  storageFailure,
  syncData,
  truncate,
  writeAll,
} from './disk.ts';
import { bytesOf, encodeHead, markerBytes, recordKinds } from './record-format.ts';
import type { SmallBody } from './record-format.ts';
import type { Reserve } from './reserve.ts';
import { buildSegment } from './segment-files.ts';
import type { Segment } from './segment-files.ts';
import type { Mark, MessageMeta, Seals } from './stored-message.ts';

/** A segment is closed at this size: small enough to copy what lives in it, large enough to be rare. */
const defaultSegmentBytes = 32 * 1024 * 1024;
/** One batch takes no more than this, so that a queue of waiting bodies does not delay its first by seconds. */
const maxBatchBytes = 8 * 1024 * 1024;
/** Marks wait this long for a batch to ride along with; a crash within it repeats that many deliveries. */
const markDelayMilliseconds = 10;
const probeEveryMilliseconds = 1000;

/** Where a record is. */
export type Place = { segment: Segment; offset: number; headBytes: number; bodyBytes: number };

/** `onSegment` is told about each new file, `onSynced` after each batch. */
export type LogOptions = {
  folder: string;
  nextNumber: number;
  segmentBytes?: number;
  reserve: Reserve;
  onSegment: (segment: Segment) => void;
  onSynced: () => void;
  onFailure: (reason: string | null) => void;
};

type Waiting = { meta: string; body: SmallBody | null; resolve: (place: Outcome<Place>) => void };
type WaitingMark = { mark: Mark; onSynced: (() => void) | null };

/** The only writer of segments. */
export class LogWriter {
  readonly #options: LogOptions;
  readonly #marker = randomBytes(markerBytes);
  #nextNumber: number;
  #segment: Segment | null = null;
  #descriptor = -1;
  #waiting: Waiting[] = [];
  #marks: WaitingMark[] = [];
  #seals: Seals = [];
  #failure: Extract<Outcome<never>, { ok: false }> | null = null;
  /** False between a failure and the first probe that works; marks are written again before messages are. */
  #canWrite = true;
  #isRunning = false;
  #isClosed = false;
  #markTimer: NodeJS.Timeout | undefined;
  #probeTimer: NodeJS.Timeout | undefined;
  #flushes: ((outcome: Outcome<void>) => void)[] = [];
  #onIdle: () => void = () => undefined;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#nextNumber = options.nextNumber;
  }

  /** The segment being written, or null before the first write. */
  get active(): Segment | null {
    return this.#segment;
  }

  /** Why nothing is accepted just now, or null. */
  get failure(): Extract<Outcome<never>, { ok: false }> | null {
    return this.#failure;
  }

  /** Resolves after the sync that made the record durable. */
  append(meta: MessageMeta, body: SmallBody | null): Promise<Outcome<Place>> {
    if (this.#isClosed) return Promise.resolve(failed('storage-failed', 'The mail queue is being closed.'));
    if (this.#failure) return Promise.resolve(this.#failure);
    return new Promise((resolve) => {
      this.#waiting.push({ meta: JSON.stringify(meta), body, resolve });
      this.#start();
    });
  }

  /** Rides along with the next batch; survives a failed one. */
  mark(mark: Mark, onSynced: (() => void) | null = null): void {
    this.#marks.push({ mark, onSynced });
    if (this.#isRunning || !this.#canWrite || this.#isClosed) return;
    this.#markTimer ??= setTimeout(() => this.#start(), markDelayMilliseconds);
  }

  /** Returns when all marks so far are on the disk, or says why they are not; they are kept either way. */
  flush(): Promise<Outcome<void>> {
    if (this.#failure && !this.#canWrite) return Promise.resolve(this.#failure);
    if (this.#isClosed || (this.#marks.length === 0 && !this.#isRunning)) return Promise.resolve(done(undefined));
    return new Promise((resolve) => {
      this.#flushes.push(resolve);
      this.#start();
    });
  }

  /** Writes what waits and lets go of the file. */
  async close(): Promise<Outcome<void>> {
    if (this.#marks.length > 0) this.#start();
    this.#isClosed = true;
    if (this.#isRunning) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    clearTimeout(this.#markTimer);
    clearTimeout(this.#probeTimer);
    if (this.#descriptor >= 0) await close(this.#descriptor);
    this.#descriptor = -1;
    return this.#marks.length > 0 && this.#failure ? this.#failure : done(undefined);
  }

  #start(): void {
    if (this.#isRunning || !this.#canWrite || this.#isClosed) return;
    clearTimeout(this.#markTimer);
    this.#markTimer = undefined;
    this.#isRunning = true;
    setImmediate(() => void this.#run()); // whoever comes within this tick shares the sync
  }

  async #run(): Promise<void> {
    while (this.#canWrite && this.#waiting.length + this.#marks.length + this.#flushes.length > 0) {
      const flushes = this.#flushes.splice(0); // what they wait for is in this batch, or already written
      await this.#writeBatch();
      for (const resolve of flushes) resolve(this.#canWrite ? done(undefined) : (this.#failure ?? done(undefined)));
    }
    this.#isRunning = false;
    this.#onIdle();
  }

  async #writeBatch(): Promise<void> {
    const waiting = this.#takeWaiting();
    const marks = this.#marks;
    this.#marks = [];
    if (waiting.length + marks.length === 0) return;
    try {
      const segment = await this.#writableSegment();
      const { chunks, places, end } = this.#encode({ segment, waiting, marks });
      await writeAll(this.#descriptor, chunks, segment.bytes);
      await syncData(this.#descriptor);
      segment.bytes = end;
      waiting.forEach((one, index) => settle(one, places[index]));
      for (const { onSynced } of marks) onSynced?.();
    } catch (error) {
      this.#marks = [...marks, ...this.#marks];
      await this.#fail(error, waiting);
      return;
    }
    this.#options.onSynced();
  }

  #takeWaiting(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { body, meta } of this.#waiting) {
      bytes += meta.length + bytesOf(body);
      if (count > 0 && bytes > maxBatchBytes) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #encode({ segment, waiting, marks }: { segment: Segment; waiting: Waiting[]; marks: WaitingMark[] }) {
    const chunks: Buffer[] = [];
    const places: Place[] = [];
    let end = segment.bytes;
    for (const { meta, body } of waiting) {
      const head = encodeHead(this.#marker, recordKinds.message, { meta, body });
      const bodyBytes = bytesOf(body);
      places.push({ segment, offset: end, headBytes: head.length, bodyBytes });
      chunks.push(head);
      if (body) chunks.push(...body);
      end += head.length + bodyBytes;
    }
    if (marks.length > 0) {
      // Behind the messages: a copy in this batch is a snapshot that is older than these marks.
      const meta = JSON.stringify(marks.map(({ mark }) => mark));
      const head = encodeHead(this.#marker, recordKinds.marks, { meta });
      chunks.push(head);
      end += head.length;
    }
    return { chunks, places, end };
  }

  async #writableSegment(): Promise<Segment> {
    const limit = this.#options.segmentBytes ?? defaultSegmentBytes;
    if (this.#segment && this.#segment.bytes < limit) return this.#segment;
    if (this.#descriptor >= 0) await close(this.#descriptor);
    this.#descriptor = -1;
    this.#segment = null;
    return this.#openSegment();
  }

  /** The first record of a new segment says where failed ones end, if any did. */
  async #openSegment(): Promise<Segment> {
    const segment = buildSegment(this.#options.folder, this.#nextNumber, this.#marker);
    let descriptor = -1;
    try {
      descriptor = await createSynced(this.#options.folder, segment.path);
      if (this.#seals.length > 0 || this.#failure) {
        const head = encodeHead(this.#marker, recordKinds.seals, { meta: JSON.stringify(this.#seals) });
        await writeAll(descriptor, [head], 0);
        await syncData(descriptor);
        segment.bytes = head.length;
      }
    } catch (error) {
      if (descriptor >= 0) await close(descriptor).catch(() => undefined);
      await removeSynced(this.#options.folder, segment.path).catch(() => undefined);
      throw error;
    }
    this.#nextNumber += 1;
    this.#seals = [];
    this.#segment = segment;
    this.#descriptor = descriptor;
    this.#options.onSegment(segment);
    return segment;
  }

  async #fail(error: unknown, waiting: Waiting[]): Promise<void> {
    const failure = storageFailure(error);
    if (!this.#failure) this.#options.onFailure(`${failure.problem.message} (${errorCodeOf(error)})`);
    this.#failure = failure;
    this.#canWrite = false;
    if (this.#segment) {
      // The seal covers the case that the disk refuses even this.
      await truncate(this.#descriptor, this.#segment.bytes).catch(() => undefined);
      await close(this.#descriptor).catch(() => undefined);
      this.#seals.push({ segment: this.#segment.number, end: this.#segment.bytes });
    }
    this.#descriptor = -1;
    this.#segment = null;
    for (const one of [...waiting, ...this.#waiting.splice(0)]) one.resolve(failure);
    for (const resolve of this.#flushes.splice(0)) resolve(failure);
    this.#probeLater();
  }

  #probeLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#probeTimer);
    this.#probeTimer = setTimeout(() => void this.#probe(), probeEveryMilliseconds);
    this.#probeTimer.unref();
  }

  /** First marks can be written again, with the reserve if need be; then the reserve is back; then messages come. */
  async #probe(): Promise<void> {
    this.#options.onSynced(); // finished segments give room without being written to
    if (!this.#canWrite) {
      try {
        await this.#openSegment();
      } catch {
        await this.#options.reserve.giveUp();
        return this.#probeLater();
      }
      if (this.#isClosed) return close(this.#descriptor);
      this.#canWrite = true;
      this.#start();
    }
    if (!(await this.#options.reserve.take())) return this.#probeLater();
    if (!this.#canWrite) return; // a batch failed in the meantime and has ordered the next probe
    this.#failure = null;
    this.#options.onFailure(null);
  }
}

function settle(waiting: Waiting, place: Place | undefined): void {
  if (!place) throw new Error('every record of a batch has a place');
  place.segment.live += 1; // counted before anybody may reclaim the segment
  waiting.resolve(done(place));
}
