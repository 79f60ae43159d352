// The desktop's vocabulary of a push: its steps, its proofs and the seven ways in which it can end. Shared by the
// engine, the window and the `postern` command; it never crosses SSH.
import { z } from 'zod';
import { Change } from './difference.ts';
import { Revision } from './files.ts';
import { Finding, GatewayProof, ReplyProblem, StatusReply } from './replies.ts';

/** The ladder that the review drawer shows, in its order. */
export const PushStep = z.enum(['connect', 'check', 'store', 'switch', 'gateway-proof', 'desktop-proof', 'confirm']);
export type PushStep = z.infer<typeof PushStep>;

/** One step of one gateway's push, as it happens. */
export const PushProgress = z.object({
  gateway: z.string(),
  step: PushStep,
  state: z.enum(['running', 'done', 'failed', 'skipped']),
  milliseconds: z.number().optional(),
  detail: z.string().optional(), // 'banner, TLS 1.3, fingerprint 3F:A9:…'
});
export type PushProgress = z.infer<typeof PushProgress>;

/** The look from the desktop at the real port. A refusal that `explain` foretold proves reachability, not TLS. */
export const DesktopProof = z.object({
  result: z.enum(['proved', 'refused-as-expected', 'failed', 'not-possible']),
  reason: z.string().optional(),
  address: z.string().optional(),
  port: z.int().optional(),
  banner: z.string().optional(),
  tlsVersion: z.string().optional(),
  fingerprint: z.string().optional(),
});
export type DesktopProof = z.infer<typeof DesktopProof>;

const Proofs = z.object({ gateway: GatewayProof, desktop: DesktopProof });

/** How a push of one gateway ended, and no other way. */
export const PushResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unchanged'), revision: Revision }),
  z.object({
    kind: z.literal('applied'),
    revision: Revision,
    pushId: z.string(),
    proofs: Proofs,
    difference: z.array(Change),
    findings: z.array(Finding),
  }),
  z.object({
    kind: z.literal('rolled-back'),
    running: Revision.nullable(),
    problem: ReplyProblem,
    proofs: Proofs.partial().optional(),
  }),
  z.object({ kind: z.literal('refused'), problem: ReplyProblem, findings: z.array(Finding) }),
  z.object({
    kind: z.literal('conflict'),
    expected: Revision.nullable(),
    actual: Revision.nullable(),
    problem: ReplyProblem,
  }),
  /** Nothing was sent. `cause` says which door stayed shut; desktop: the release could not be built here. */
  z.object({
    kind: z.literal('unreachable'),
    cause: z.enum(['network', 'host-key', 'sign-in', 'agent', 'cancelled', 'desktop']),
    problem: ReplyProblem,
  }),
  /** The connection broke after apply was sent and could not be asked again. */
  z.object({ kind: z.literal('unknown'), pushId: z.string(), problem: ReplyProblem }),
]);
export type PushResult = z.infer<typeof PushResult>;

/** What the fleet table says of a gateway. `unknown`: not asked yet. */
export const GatewayState = z.enum([
  'in-sync',
  'changed-here',
  'changed-there',
  'conflict',
  'pending-confirmation',
  'unreachable',
  'unknown',
]);
export type GatewayState = z.infer<typeof GatewayState>;

/** A gateway as it was last seen. */
export const GatewaySight = z.object({
  state: GatewayState,
  seenAt: z.string().nullable(), // ISO 8601; null: never
  status: StatusReply.nullable(),
  problem: ReplyProblem.nullable(),
});
export type GatewaySight = z.infer<typeof GatewaySight>;

/** What a push would do to one gateway, judged by the gateway where it answers, else by the desktop alone. */
export const GatewayReview = z.object({
  gateway: z.string(),
  judgedBy: z.enum(['gateway', 'desktop']),
  problem: ReplyProblem.nullable(), // why the gateway could not judge
  revision: Revision,
  baseRevision: Revision.nullable(),
  runningRevision: Revision.nullable(),
  difference: z.array(Change),
  findings: z.array(Finding),
});
export type GatewayReview = z.infer<typeof GatewayReview>;
