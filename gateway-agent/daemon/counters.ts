// What the daemon counts since it started, and the event log that every report also goes to.
import type { EventLog } from '../store/event-log.ts';
import type { RefusalEvent, RelayedEvent, SmtpReports } from '../smtp/smtp-settings.ts';

/** Refusals of a recipient or a message; all others are refusals of a connection or a command. */
const messageRules = new Set(['relay-denied', 'routed-address', 'malformed-address', 'delivery']);

/** Counts and logs what sessions report. */
export class Counters implements SmtpReports {
  accepted = 0;
  messages = { relayed: 0, refused: 0 };
  readonly refused: Record<string, number> = {};
  readonly #log: EventLog;

  constructor(log: EventLog) {
    this.#log = log;
  }

  greeted(): void {
    this.accepted += 1;
  }

  record(event: RefusalEvent | RelayedEvent): void {
    this.#log.record(event);
    if (event.event === 'relayed') {
      this.messages.relayed += 1;
      return;
    }
    this.refused[event.rule] = (this.refused[event.rule] ?? 0) + 1;
    if (messageRules.has(event.rule)) this.messages.refused += 1;
  }
}
