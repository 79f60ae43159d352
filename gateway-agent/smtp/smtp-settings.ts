// What the SMTP side needs of a configuration, as one object that is replaced whole: every session reads the newest
// one at its next step, so lists, limits, time-outs and certificates change without touching an open session.
import type { SecureContext } from 'node:tls';
import type { Outcome } from '#contract/outcome';
import type { Policy } from '../policy/build-policy.ts';

/** The parts of a configuration that sessions obey. */
export type SmtpSettings = {
  greetingName: string;
  /** Stands behind the greeting name in the 220 line. */
  bannerText: string | null;
  /** Who receives mail for `postmaster` without a domain (RFC 5321 §4.5.1). */
  postmaster: string;
  idleTimeoutMilliseconds: number;
  maxMessageBytes: number;
  maxRecipients: number;
  /** Who may do what; the door, the commands and the recipients are judged by it. */
  policy: Policy;
  /** Present exactly while STARTTLS is offered. */
  tlsContext: SecureContext | null;
};

/** DSN wishes of one recipient: RFC 3461 §4.1. */
export type NotifyKind = 'never' | 'success' | 'failure' | 'delay';

/** Everything that was said before the content. */
export type AcceptedEnvelope = {
  sender: string;
  recipients: { address: string; notify?: NotifyKind[]; originalRecipient?: string }[];
  smtpUtf8: boolean;
  /** Declared as 8BITMIME and really holding such octets; known when the content has arrived. */
  eightBit: boolean;
  requiresTls: boolean;
  returnContent?: 'full' | 'headers';
  envelopeId?: string;
  receivedFrom: { address: string; helo: string; tls?: string };
};

/** A message on its way to the disk. Ends with `commit` or `discard`. */
export type IncomingMessage = {
  readonly id: string;
  /** Takes the chunk over. A returned promise asks to wait before the next one. */
  write(chunk: Buffer): void | Promise<void>;
  /** Resolves when the message is durable; only then may anybody say 250. */
  commit(): Promise<Outcome<unknown>>;
  discard(): void;
};

/** Where messages are kept. The envelope may still change until `commit`. */
export type Intake = {
  /** False: refuse at MAIL, there is no room. */
  hasRoomFor(maxMessageBytes: number): boolean;
  begin(envelope: AcceptedEnvelope): IncomingMessage;
};

/** One refusal as it goes into the event log. */
export type RefusalEvent = {
  event: 'refused';
  ref: string;
  peer: string;
  rule: string;
  reply: string;
  entry?: string;
  from?: string;
  to?: string;
  reason?: string;
};

/** One message that is on the disk. */
export type AcceptedEvent = {
  event: 'accepted';
  id: string;
  peer: string;
  from: string;
  recipients: number;
  bytes: number;
  tls: string | null;
};

/** What sessions report upward; they keep no counters and no log of their own. */
export type SmtpReports = {
  record(event: RefusalEvent | AcceptedEvent): void;
  /** A connection was greeted. */
  greeted(): void;
};
