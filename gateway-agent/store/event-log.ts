// The event log: events/YYYY-MM-DD.jsonl, one JSON object a line, only ever appended to. It never holds a secret or
// the content of a message. Trouble with the disk must not stop the mail, so it is reported on stderr and passed over.
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PushRecord } from '#contract/replies';
import { findPushRecord } from './find-push-record.ts';
import { closeLargeFile, listEventFiles, pruneEvents } from './prune-events.ts';

/** Anything that happened; `event` says what. */
export type LoggedEvent = { event: string } & Record<string, unknown>;

/** Days that are searched for a push; a push that old is no longer asked for. Postern's own number. */
const searchedDays = 31;

/** Lines that may wait while the disk is slow; beyond it they are counted and dropped. Postern's own number. */
const maxWaiting = 50_000;

/** Events wait this long for others to share a write: opening and closing the file costs more than a line. */
const batchMilliseconds = 100;

/** Appends events in batches, in their order. */
export class EventLog {
  readonly #folder: string;
  #waiting: { day: string; line: string }[] = [];
  #dropped = 0;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #prunedOn = '';

  constructor(root: string) {
    this.#folder = join(root, 'events');
  }

  /** Creates the folder where it is missing, and removes the days that are no longer kept. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#prune(new Date().toISOString().slice(0, 10));
  }

  async #prune(today: string): Promise<void> {
    if (today <= this.#prunedOn) return;
    this.#prunedOn = today; // a failure is tried again tomorrow, not with each batch
    try {
      await pruneEvents(this.#folder, today);
    } catch (error) {
      process.emitWarning(`Old events were kept: ${error instanceof Error ? error.message : 'they cannot be removed'}`);
    }
  }

  /** Notes an event with the present time. Returns at once; the event is on its way to the disk. */
  record(event: LoggedEvent): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped += 1;
      return;
    }
    const at = new Date().toISOString();
    this.#waiting.push({ day: at.slice(0, 10), line: `${JSON.stringify({ at, ...event })}\n` });
    this.#startLater();
  }

  #startLater(): void {
    this.#timer ??= setTimeout(() => this.#start(), batchMilliseconds);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#writing ??= this.#writeBatch();
  }

  /** Notes an event and waits until it is written, or its loss has been reported. */
  async recordWritten(event: LoggedEvent): Promise<void> {
    this.record(event);
    await this.flush();
  }

  /** All events recorded so far are written, or their loss has been reported. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#start();
    await this.#writing;
  }

  /** What comes meanwhile waits for the next batch: a busy log that wrote on at once would open its file for each few lines. */
  async #writeBatch(): Promise<void> {
    await Promise.resolve(); // lets the events of one tick share a write
    const batch = this.#waiting;
    this.#waiting = [];
    for (const day of new Set(batch.map((each) => each.day))) {
      const lines = batch.filter((each) => each.day === day).map(({ line }) => line);
      await this.#append(day, lines.join(''));
      if (await closeLargeFile(this.#folder, day).catch(() => false)) this.#prunedOn = '';
      await this.#prune(day);
    }
    this.#writing = null;
    if (this.#waiting.length > 0) this.#startLater();
  }

  async #append(day: string, text: string): Promise<void> {
    try {
      await appendFile(join(this.#folder, `${day}.jsonl`), text, { mode: 0o600 });
      if (this.#dropped === 0) return;
      const dropped = this.#dropped;
      this.#dropped = 0;
      this.record({ event: 'notice', words: `${dropped} events were lost while the disk was too slow.` });
    } catch (error) {
      process.emitWarning(`Events were lost: ${error instanceof Error ? error.message : 'the log cannot be written'}`);
    }
  }

  /** The newest record of a push, or null; finds what an earlier daemon wrote. */
  async findPush(pushId: string): Promise<PushRecord | null> {
    await this.flush();
    const names = await listEventFiles(this.#folder).catch(() => []);
    const days = [...new Set(names.map((name) => name.slice(0, 'YYYY-MM-DD'.length)))];
    const oldest = days.at(-searchedDays) ?? '';
    for (const name of names.toReversed().filter((each) => each >= oldest)) {
      const record = await findPushRecord(join(this.#folder, name), pushId);
      if (record) return record;
    }
    return null;
  }
}
