// What delivery needs of the queue, in its own words: main.ts passes the real one in.
import type { Readable } from 'node:stream';
import type { Outcome } from '#contract/outcome';

type NotifyKind = 'never' | 'success' | 'failure' | 'delay';

/** One recipient of a queued message; `index` is its place in the envelope. */
export type DueRecipient = {
  index: number;
  address: string;
  notify?: NotifyKind[] | undefined;
  originalRecipient?: string | undefined;
  state: 'queued' | 'deferred' | 'held' | 'delivered' | 'bounced';
  attempts: number;
  nextAttemptAt: number;
  delayNoticeAt?: number | undefined;
};

/** What a notice carries over from the message that it is about. */
export type MessageEnvelope = {
  sender: string;
  recipients: { address: string; notify?: NotifyKind[]; originalRecipient?: string }[];
  smtpUtf8: boolean;
  eightBit: boolean;
  requiresTls: boolean;
  returnContent?: 'full' | 'headers';
  envelopeId?: string;
  receivedFrom: { address: string; helo: string; tls?: string };
};

/** One queued message. */
export type DueMessage = {
  id: string;
  receivedAt: number;
  bytes: number;
  envelope: Pick<MessageEnvelope, 'sender' | 'eightBit'> & {
    returnContent?: 'full' | 'headers' | undefined;
    envelopeId?: string | undefined;
  };
  recipients: DueRecipient[];
  removedAt: number | null;
};

/** The result of one attempt for one recipient, or the note that its sender was told of a delay. */
export type RecipientChange =
  | { index: number; state: 'delivered' | 'bounced'; lastReply?: string }
  | { index: number; state: 'deferred'; nextAttemptAt: number; lastReply?: string }
  | { index: number; delayNoticeAt: number };

/** A message of our own on its way to the disk. */
export type NewMessage = {
  readonly id: string;
  write(chunk: Buffer): void | Promise<void>;
  commit(): Promise<Outcome<unknown>>;
  discard(): void;
};

/** The queue. */
export type DeliveryQueue = {
  takeDue(limit: number): DueMessage[];
  nextDueAt(): number | null;
  whenDue(listener: () => void): void;
  record(id: string, changes: RecipientChange[]): void;
  giveBack(id: string): void;
  message(id: string): DueMessage | null;
  act(id: string, action: 'hold' | 'release' | 'retry'): boolean;
  body(id: string): Promise<Outcome<readonly Buffer[] | Readable>>;
  header(id: string): Promise<Outcome<string>>;
  begin(envelope: MessageEnvelope): NewMessage;
};
