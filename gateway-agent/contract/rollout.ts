// A push to many gateways in waves: what was asked, and how far it is. Written to disk at each step, so that it
// survives the app; it never crosses SSH.
import { z } from 'zod';
import { Revision } from './files.ts';
import { PushResult } from './push.ts';
import { FleetName } from './settings.ts';

/** What the operator asks for. Waves: the canaries, then batches. */
export const RolloutOptions = z.strictObject({
  names: z.array(FleetName).min(1).max(10_000),
  canary: z.int().min(0).max(1000).default(1),
  batch: z.int().min(1).max(1000).default(20),
  /** Stops when so many did not end as asked, and at any failed canary; gateways under way are finished. */
  maxFailures: z.int().min(1).max(10_000).default(1),
  /** Waits after the canaries until somebody says go on. */
  pausesAfterCanary: z.boolean().default(false),
  overwriteThere: z.boolean().default(false),
});
export type RolloutOptions = z.infer<typeof RolloutOptions>;

/** One gateway of a rollout. `pushId` is on disk before the push starts, so that its end can be asked for later. */
export const RolloutMember = z.object({
  gateway: z.string(),
  wave: z.int(), // 0: the canaries
  /** What was saved when the rollout was started, and so reviewed; null: it could not be built then. */
  revision: Revision.nullable(),
  state: z.enum(['waiting', 'running', 'ended', 'skipped']),
  pushId: z.string().nullable(),
  result: PushResult.nullable(),
  /** What earlier attempts came to that an interruption of this rollout cut off; the gateway told it later. */
  earlier: z.array(PushResult),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type RolloutMember = z.infer<typeof RolloutMember>;

/**
 * stopped: a canary failed, or too many did; those that wait can still be gone on with. cancelled: they are skipped.
 * interrupted: the program that ran it is gone, and nobody has gone on with it yet.
 */
export const RolloutState = z.enum(['running', 'paused', 'stopped', 'cancelled', 'finished', 'interrupted']);
export type RolloutState = z.infer<typeof RolloutState>;

export const Rollout = z.object({
  id: z.uuid(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  by: z.string(),
  options: RolloutOptions,
  state: RolloutState,
  because: z.string().nullable(), // of paused, stopped, interrupted
  members: z.array(RolloutMember),
});
export type Rollout = z.infer<typeof Rollout>;

/** A rollout in the list: without its members. */
export const RolloutSummary = Rollout.omit({ members: true }).extend({
  counts: z.object({ waiting: z.int(), running: z.int(), asAsked: z.int(), failed: z.int(), skipped: z.int() }),
});
export type RolloutSummary = z.infer<typeof RolloutSummary>;
