// What became of each push: kept in memory for a question soon after, in the event log for good.
import type { PushRecord } from '#contract/replies';
import type { EventLog } from '../store/event-log.ts';

/** Kept in memory; older ones are found in the event log. Postern's own number. */
const remembered = 1000;

/** Records outcomes of pushes; the newest one of a pushId counts. */
export class PushRecords {
  readonly #log: EventLog;
  readonly #records = new Map<string, PushRecord>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Notes an outcome; it is in the event log when this returns. */
  async record(push: PushRecord): Promise<void> {
    this.#records.delete(push.pushId);
    this.#records.set(push.pushId, push);
    const oldest = this.#records.keys().next();
    if (this.#records.size > remembered && !oldest.done) this.#records.delete(oldest.value);
    await this.#log.recordWritten({ event: 'push', ...push });
  }

  /** The last known outcome, of earlier runs of the daemon too. */
  async find(pushId: string): Promise<PushRecord | null> {
    return this.#records.get(pushId) ?? (await this.#log.findPush(pushId));
  }
}
