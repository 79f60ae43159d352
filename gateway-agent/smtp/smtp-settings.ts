// What the SMTP side needs of a configuration, as one object that is replaced whole: every session reads the newest
// one at its next step, so lists, limits, time-outs and certificates change without touching an open session.
import type { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { Policy } from '../policy/build-policy.ts';
import type { Reply } from './refuse.ts';

/** The facts of one session that delivery writes into the Received header. */
export type SessionFacts = {
  sessionId: string;
  heloName: string;
  peerAddress: string;
  protocol: string; // 'ESMTPS'
  tls: { version: string; cipher: string } | null;
};

/** A message begins: its sender and what the client declared about it. */
type Envelope = { from: string; declaredBytes: number | null; is8bit: boolean };

/** The way to the next hop of one client session. Every answer is the next hop's own verdict, or 451. */
export type RelayLine = {
  begin(envelope: Envelope): void;
  addRecipient(address: string): Promise<Reply>;
  /** `content` is read to its end whatever the verdict. Rejects only when the client went away. */
  sendMessage(content: Readable, facts: SessionFacts): Promise<Reply>;
  /** Forgets the message that was begun; nothing of it is delivered. */
  reset(): void;
  /** The session is over. A message that arrived whole is still brought to its end. */
  close(): void;
  /** Breaks off at once, whatever is under way. */
  abort(): void;
};

/** The parts of a configuration that sessions obey. */
export type SmtpSettings = {
  greetingName: string;
  idleTimeoutMilliseconds: number;
  maxMessageBytes: number;
  maxRecipients: number;
  /** Who may do what; the door, the commands and the recipients are judged by it. */
  policy: Policy;
  /** Present exactly while STARTTLS is offered. */
  tlsContext: SecureContext | null;
  openRelay(): RelayLine;
  /** False once the next hop has shown that it does not take 8-bit bodies. */
  takes8bit(): boolean;
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

/** One message that the next hop took. */
export type RelayedEvent = {
  event: 'relayed';
  peer: string;
  from: string;
  recipients: number;
  bytes: number;
  tls: boolean;
};

/** What sessions report upward; they keep no counters and no log of their own. */
export type SmtpReports = {
  record(event: RefusalEvent | RelayedEvent): void;
  /** A connection was greeted. */
  greeted(): void;
};
