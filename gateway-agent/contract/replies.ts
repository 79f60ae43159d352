// What an agent answers. Lenient: unknown keys are ignored, so that an older desktop can read a newer agent.
import { z } from 'zod';
import { GatewayConfig } from './config.ts';
import { BundledFile, Revision, Sha256 } from './files.ts';
import { errorCodes, type ErrorCode } from './outcome.ts';
import { Change } from './difference.ts';

/** What the look at one release found. An error refuses the release, a warning is shown before the push. */
export const Finding = z.object({
  severity: z.enum(['error', 'warning', 'notice']),
  code: z.string(), // stable, for scripts: 'key-mismatch', 'certificate-expires-soon', 'permit-list-empty', ...
  field: z.string().optional(), // path in the configuration: 'connections.tls.certificate'
  message: z.string(),
  hint: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** What a certificate file says, for people. Times are ISO 8601. */
export const CertificateFacts = z.object({
  subject: z.string(),
  names: z.array(z.string()), // subjectAltName: DNS names and addresses
  issuer: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  keyType: z.string(), // 'RSA 2048', 'EC P-256', 'Ed25519'
  fingerprint: z.string(), // SHA-256 of the DER, upper-case pairs with colons
  chainLength: z.int(),
});
export type CertificateFacts = z.infer<typeof CertificateFacts>;

/** What one listener showed to a probe. */
export const ListenerProof = z.object({
  address: z.string(),
  port: z.int(),
  result: z.enum(['proved', 'failed']),
  banner: z.string().optional(),
  tlsVersion: z.string().optional(),
  fingerprint: z.string().optional(),
  problem: z.string().optional(),
  milliseconds: z.number(),
});
export type ListenerProof = z.infer<typeof ListenerProof>;

/** The daemon's look at its own new listeners. */
export const GatewayProof = z.object({
  result: z.enum(['proved', 'failed', 'not-possible']),
  reason: z.string().optional(),
  listeners: z.array(ListenerProof),
});
export type GatewayProof = z.infer<typeof GatewayProof>;

/** One rung of the ladder of decisions, in its order. */
export const LadderStep = z.object({
  rule: z.enum(['connection-control', 'simultaneous-connections', 'tls-requirement', 'message-rule', 'delivery']),
  outcome: z.enum(['pass', 'refuse', 'condition', 'not-reached']), // condition: depends on what the client does
  words: z.string(), // 'Deny list entry 192.0.2.0/24 refuses this address.'
  entry: z.string().optional(),
  reply: z.string().optional(), // '554 5.7.1'
});
export type LadderStep = z.infer<typeof LadderStep>;

/** What would happen to a connection from this address now. */
export const Explanation = z.object({
  address: z.string(),
  verdict: z.enum(['accept', 'refuse']), // of the connection itself: the first two rungs
  steps: z.array(LadderStep),
});
export type Explanation = z.infer<typeof Explanation>;

const Who = z.object({ pushId: z.string(), author: z.string(), at: z.string() });

/** A candidate that waits for its confirmation. `secondsLeft` is the daemon's own monotonic count. */
export const PendingCandidate = Who.extend({ revision: Revision, secondsLeft: z.number() });
export type PendingCandidate = z.infer<typeof PendingCandidate>;

/** What became of a push, as the daemon recorded it. */
export const PushRecord = Who.extend({
  revision: Revision,
  outcome: z.enum(['pending', 'confirmed', 'rolled-back', 'refused', 'unchanged', 'unknown']),
  reason: z.string().optional(),
});
export type PushRecord = z.infer<typeof PushRecord>;

export const HelloReply = z.object({
  agentVersion: z.string(),
  protocol: z.int(),
  schemaVersion: z.int(),
  hostName: z.string(),
  addresses: z.array(z.string()), // of the gateway's interfaces, loopback included
  currentRevision: Revision.nullable(),
  runningRevision: Revision.nullable(), // null: the daemon does not answer, or has no configuration
  daemonAnswers: z.boolean(),
  files: z.array(Sha256), // held in any kept release
  author: z.string(), // who the agent takes this caller for
  clientAddress: z.string().nullable(), // where this SSH connection comes from, as the gateway sees it
});
export type HelloReply = z.infer<typeof HelloReply>;

export const CheckReply = z.object({
  revision: Revision,
  accepted: z.boolean(), // no finding is an error
  unchanged: z.boolean(), // the listener already runs and proves this revision
  findings: z.array(Finding),
  difference: z.array(Change), // to what is confirmed
  currentRevision: Revision.nullable(),
});
export type CheckReply = z.infer<typeof CheckReply>;

export const ApplyReply = z.object({
  outcome: z.enum(['unchanged', 'pending']), // pending: proved on the gateway, waits for confirm
  revision: Revision,
  findings: z.array(Finding),
  difference: z.array(Change),
  proof: GatewayProof,
  /** What the candidate does to the caller's own address, or null where SSH does not tell it. */
  explainsCaller: Explanation.nullable(),
  listensOn: z.array(z.object({ address: z.string(), port: z.int() })),
  confirmWithinSeconds: z.number(),
});
export type ApplyReply = z.infer<typeof ApplyReply>;

export const ConfirmReply = z.object({ currentRevision: Revision });
export type ConfirmReply = z.infer<typeof ConfirmReply>;

export const AbandonReply = z.object({ runningRevision: Revision.nullable() });
export type AbandonReply = z.infer<typeof AbandonReply>;

export const ReleasesReply = z.object({
  releases: z.array(z.object({ revision: Revision, storedAt: z.string(), author: z.string(), isCurrent: z.boolean() })), // newest first
});
export type ReleasesReply = z.infer<typeof ReleasesReply>;

/** One recipient of a queued message. Times are ISO 8601. */
const QueuedRecipient = z.object({
  address: z.string(),
  state: z.string(), // 'queued', 'deferred', 'held', 'delivered', 'bounced'
  attempts: z.int(),
  nextAttemptAt: z.string().nullable(),
  lastReply: z.string().nullable(),
});

/** One message that waits. */
export const QueueEntry = z.object({
  id: z.string(),
  receivedAt: z.string(),
  bytes: z.int(),
  sender: z.string(), // '' for a bounce
  recipients: z.array(QueuedRecipient),
  removedAt: z.string().nullable(),
});
export type QueueEntry = z.infer<typeof QueueEntry>;

/** Answers to the three tasks: a page, one message with its header, how many an action changed. */
export const QueueReply = z.object({
  entries: z.array(QueueEntry),
  total: z.int(), // messages in the whole queue
  hasMore: z.boolean(),
  header: z.string().nullable(), // with `show`
  changed: z.int(), // with `act`
});
export type QueueReply = z.infer<typeof QueueReply>;

/** The queue in figures; null from an agent that has none. */
export const QueueGauges = z.object({
  messages: z.int(),
  bytes: z.int(),
  oldestAgeSeconds: z.number().nullable(),
  damaged: z.int(), // parts of the log set aside
  stoppedBecause: z.string().nullable(),
});
export type QueueGauges = z.infer<typeof QueueGauges>;

export const StatusReply = z.object({
  daemonAnswers: z.boolean(),
  currentRevision: Revision.nullable(),
  runningRevision: Revision.nullable(),
  /** What runs. One that a newer agent wrote reads as null, never as less than it is; the rest of the status counts. */
  config: GatewayConfig.nullable().catch(null),
  listeners: z.array(z.object({ address: z.string(), port: z.int() })),
  notices: z.array(z.string()), // 'This host has no IPv6: only IPv4 is served.'
  connections: z.object({ now: z.int(), limit: z.int().nullable(), peak: z.int() }),
  accepted: z.int(), // connections greeted since the daemon started
  refused: z.record(z.string(), z.int()), // by rule
  messages: z.object({ relayed: z.int(), refused: z.int() }), // relayed: taken over and delivered
  queue: QueueGauges.nullable().default(null),
  /** Connections that did not meet MTA-STS or DANE: refused, or only reported. Missing from an agent that knows neither. */
  peerPolicies: z.object({ refused: z.int(), reported: z.int() }).optional(),
  certificate: CertificateFacts.nullable(),
  pending: PendingCandidate.nullable(),
  push: PushRecord.nullable(), // of the pushId asked for
  startedAt: z.string().nullable(),
  /** Of the program that answers; an agent that does not tell leaves it out. */
  agentVersion: z.string().optional(),
  /** Files of the confirmed release that somebody changed on the gateway after the push, in words. */
  altered: z.array(z.string()).optional(),
});
export type StatusReply = z.infer<typeof StatusReply>;

/** A kept release as it lies on the gateway; never the content of a private key. */
export const FetchReply = z.object({
  revision: Revision, // asked for
  /** What lies there, with the hashes of the files that lie there; null: unreadable, or written by a newer agent. */
  config: GatewayConfig.nullable().catch(null),
  files: z.record(Sha256, BundledFile),
  /** What somebody changed in the folder after the push, in words; empty: all is as it was pushed. */
  altered: z.array(z.string()),
  /** Content that is not sent, and why. */
  leftOut: z.array(z.string()),
  author: z.string().nullable(), // who pushed it
  at: z.string().nullable(),
});
export type FetchReply = z.infer<typeof FetchReply>;

/** The reply's schema for each verb. */
export const replies = {
  hello: HelloReply,
  check: CheckReply,
  apply: ApplyReply,
  confirm: ConfirmReply,
  abandon: AbandonReply,
  rollback: ApplyReply,
  releases: ReleasesReply,
  status: StatusReply,
  explain: Explanation,
  queue: QueueReply,
  fetch: FetchReply,
} as const;
export type Replies = { [V in keyof typeof replies]: z.infer<(typeof replies)[V]> };

/** Steps of a push on the gateway, sent as lines before the outcome while they happen. */
export const AgentStep = z.enum(['check', 'store', 'switch', 'proof']);
export type AgentStep = z.infer<typeof AgentStep>;

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** A code from a newer agent reads as `internal`: the message still says what happened. */
export const ReplyProblem = z.object({
  code: z.enum(codes).catch('internal'),
  message: z.string(),
  hint: z.string().optional(),
  /** Why a release was refused, line by line. */
  findings: z.array(Finding).optional(),
  /** With `conflict` and `busy`: the other push. */
  other: z.object({ revision: z.string().nullable(), author: z.string(), at: z.string() }).partial().optional(),
});
export type ReplyProblem = z.infer<typeof ReplyProblem>;

/** An Outcome as it crosses processes: its problem may carry findings and the other push. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: ReplyProblem };

/** One line on stdout: a step under way or done, or the last line. */
export const ReplyLine = z.union([
  z.object({ step: AgentStep, state: z.enum(['running', 'done']), milliseconds: z.number().optional() }),
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), problem: ReplyProblem }),
]);
export type ReplyLine = z.infer<typeof ReplyLine>;
