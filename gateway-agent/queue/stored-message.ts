// What the queue knows about a message, in memory and in the log's JSON. Parsed once, when the log is read.
import { z } from 'zod';

const NotifyKind = z.enum(['never', 'success', 'failure', 'delay']);

/** One recipient as the client named it, with its DSN parameters (RFC 3461). */
const EnvelopeRecipient = z.object({
  address: z.string(),
  notify: z.array(NotifyKind).optional(),
  originalRecipient: z.string().optional(),
});

/** What the client said before DATA, and from where. `sender` is empty for a bounce. */
export const Envelope = z.object({
  sender: z.string(),
  recipients: z.array(EnvelopeRecipient),
  smtpUtf8: z.boolean(),
  eightBit: z.boolean(),
  requiresTls: z.boolean(),
  returnContent: z.enum(['full', 'headers']).optional(),
  envelopeId: z.string().optional(),
  receivedFrom: z.object({ address: z.string(), helo: z.string(), tls: z.string().optional() }),
});
export type Envelope = z.infer<typeof Envelope>;

/** `queued` was never tried, `deferred` will be tried again; these two and `held` are open, the others are final. */
export const RecipientState = z.enum(['queued', 'deferred', 'held', 'delivered', 'bounced']);
export type RecipientState = z.infer<typeof RecipientState>;

/** Where one recipient stands. Times are milliseconds since 1970. */
export const Progress = z.object({
  state: RecipientState,
  attempts: z.int(),
  nextAttemptAt: z.number(),
  lastReply: z.string().optional(),
  /** When the sender was told that it takes longer. */
  delayNoticeAt: z.number().optional(),
});
export type Progress = z.infer<typeof Progress>;

/** The meta of a message record: a snapshot, so that a copy of it supersedes every mark before it. */
export const MessageMeta = z.object({
  id: z.string(),
  receivedAt: z.number(),
  bytes: z.int(),
  envelope: Envelope,
  /** One for each recipient of the envelope; absent means all queued since `receivedAt`. */
  progress: z.array(Progress).optional(),
  removedAt: z.number().optional(),
  /** CRC of a body that is a file of its own; absent means that the body follows the meta. */
  largeCrc: z.int().optional(),
});
export type MessageMeta = z.infer<typeof MessageMeta>;

/** One change of one message. Marks set, they do not add, so that reading one twice does no harm. */
export const Mark = z.object({
  id: z.string(),
  /** No recipient is open any more: the message is forgotten. */
  finished: z.literal(true).optional(),
  progress: z.array(z.tuple([z.int(), Progress])).optional(),
  removedAt: z.number().nullable().optional(),
});
export type Mark = z.infer<typeof Mark>;
export const Marks = z.array(Mark);

/** Ends of segments whose last batch failed: what follows was never acknowledged. */
export const Seals = z.array(z.object({ segment: z.int(), end: z.int() }));
export type Seals = z.infer<typeof Seals>;

/** True while the recipient still waits for something. */
export function isOpen(progress: Progress): boolean {
  return progress.state === 'queued' || progress.state === 'deferred' || progress.state === 'held';
}

/** A message nobody has tried to deliver yet. */
export function freshProgress(meta: MessageMeta): Progress[] {
  return meta.envelope.recipients.map(() => ({ state: 'queued', attempts: 0, nextAttemptAt: meta.receivedAt }));
}
