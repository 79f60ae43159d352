// What the desktop asks an agent: one JSON request on stdin of one SSH exec. Strict: unknown keys are refused.
import { z } from 'zod';
import { GatewayConfig } from './config.ts';
import { BundledFile, Revision, Sha256 } from './files.ts';

/** Names one push for good, so that a broken connection can ask later what became of it. */
export const PushId = z.uuid();

const protocol = z.int().min(1);

/** A release: the configuration and the content of files that the gateway may lack. */
export const Release = z.strictObject({
  config: GatewayConfig,
  files: z.record(Sha256, BundledFile).default({}),
});
export type Release = z.infer<typeof Release>;

/** The pending candidate goes back by itself after this time. */
const confirmWithinSeconds = z.int().min(1).max(3600).default(60);

const pushFields = { pushId: PushId, baseRevision: Revision.nullable(), confirmWithinSeconds };

/** Names of queued messages, as `queue` lists them and as Received headers show them. */
const QueueIds = z
  .array(z.string().regex(/^[A-Za-z0-9]{6,40}$/))
  .min(1)
  .max(1000);

/** What an operator asks of the queue. */
export const QueueTask = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('list'),
    domain: z.string().max(255).optional(), // of a recipient
    error: z.string().max(200).optional(), // part of the last reply
    state: z.enum(['queued', 'deferred', 'held']).optional(),
    minAgeSeconds: z.int().min(0).optional(),
    after: z.string().max(40).optional(), // the last id of the page before
    limit: z.int().min(1).max(1000).default(200),
  }),
  z.strictObject({ kind: z.literal('show'), id: QueueIds.element }),
  /** `remove` can be undone by `restore` for ten minutes; `bounce` returns it to its sender. */
  z.strictObject({
    kind: z.literal('act'),
    action: z.enum(['retry', 'hold', 'release', 'remove', 'restore', 'bounce']),
    ids: QueueIds,
  }),
]);
export type QueueTask = z.infer<typeof QueueTask>;

export const Request = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('hello'), protocol }),
  z.strictObject({ verb: z.literal('check'), protocol, release: Release }),
  z.strictObject({ verb: z.literal('apply'), protocol, release: Release, ...pushFields }),
  z.strictObject({ verb: z.literal('confirm'), protocol, pushId: PushId, revision: Revision }),
  /** Goes back now instead of when the timer ends. */
  z.strictObject({ verb: z.literal('abandon'), protocol, pushId: PushId }),
  z.strictObject({ verb: z.literal('rollback'), protocol, toRevision: Revision, ...pushFields }),
  z.strictObject({ verb: z.literal('releases'), protocol }),
  z.strictObject({ verb: z.literal('status'), protocol, pushId: PushId.optional() }),
  /** With sender and recipient the ladder goes on through message rule and delivery. */
  z.strictObject({
    verb: z.literal('explain'),
    protocol,
    address: z.union([z.ipv4(), z.ipv6()]),
    sender: z.string().max(320).optional(),
    recipient: z.string().max(320).optional(),
  }),
  z.strictObject({ verb: z.literal('queue'), protocol, task: QueueTask }),
  /** Configuration and files of a kept release as they lie there; content that the caller `holds` is left out. */
  z.strictObject({
    verb: z.literal('fetch'),
    protocol,
    revision: Revision,
    holds: z.array(Sha256).max(100).default([]),
  }),
]);
export type Request = z.infer<typeof Request>;
export type Verb = Request['verb'];
