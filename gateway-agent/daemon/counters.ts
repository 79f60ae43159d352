// What the daemon counts since it started, and the event log that every report also goes to.
import type { EventLog } from '../store/event-log.ts';
import type { DeliveryEvent, DeliveryReports } from '../delivery/delivery-settings.ts';
import type { PeerPolicyEvent } from '../delivery/peer-policy/peer-policies.ts';
import type { AcceptedEvent, RefusalEvent, SmtpReports } from '../smtp/smtp-settings.ts';

/** Refusals of a recipient or a message; all others are refusals of a connection or a command. */
const messageRules = new Set([
  'relay-denied',
  'routed-address',
  'malformed-address',
  'unknown-sender-domain',
  'no-reverse-dns',
  'content',
  'message-size',
  'storage',
]);

/** Counts and logs what sessions and deliveries report. */
export class Counters implements SmtpReports, DeliveryReports {
  accepted = 0;
  messages = { relayed: 0, refused: 0 };
  readonly refused: Record<string, number> = {};
  peerPolicies = { refused: 0, reported: 0 };
  readonly #log: EventLog;

  constructor(log: EventLog) {
    this.#log = log;
  }

  greeted(): void {
    this.accepted += 1;
  }

  record(event: RefusalEvent | AcceptedEvent | DeliveryEvent | PeerPolicyEvent): void {
    this.#log.record(event);
    if (event.event === 'delivered') this.messages.relayed += 1;
    if (event.event === 'peer-policy') this.peerPolicies[event.isRefused ? 'refused' : 'reported'] += 1;
    if (event.event !== 'refused') return;
    this.refused[event.rule] = (this.refused[event.rule] ?? 0) + 1;
    if (messageRules.has(event.rule)) this.messages.refused += 1;
  }
}
