// Calls about pushes in waves, and about hosts that are to become gateways.
import { z } from 'zod';
import { HostKey } from '#contract/fleet';
import { Rollout, RolloutOptions, RolloutSummary } from '#contract/rollout';
import { FleetName } from '#contract/settings';
import { HostOrAddress } from '#contract/config';

const Nothing = z.strictObject({});
const ById = z.strictObject({ id: z.uuid() });
const Secret = z.string().min(1).max(1024);

/** How to sign in to a bare host, once. Nothing of it is kept. */
const HostSignIn = z.strictObject({
  host: HostOrAddress,
  port: z.int().min(1).max(65535).default(22),
  user: z.string().min(1).max(64),
  hostKeys: z.array(HostKey).min(1),
  signIn: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agent') }),
    z.strictObject({ kind: z.literal('key'), file: z.string().min(1) }),
    z.strictObject({ kind: z.literal('password') }),
  ]),
  secret: Secret.optional(), // password, or passphrase of the key file
  sudoPassword: Secret.optional(),
});

/** One thing that enrolment found or would do. */
export const EnrolItem = z.object({
  id: z.string(), // 'node', 'users', 'unit', 'folders', 'management-key', ...
  words: z.string(),
  state: z.enum(['there', 'to-do', 'doing', 'done', 'failed', 'undone', 'obstacle']),
  detail: z.string().optional(),
});
export type EnrolItem = z.infer<typeof EnrolItem>;

export const EnrolReport = z.object({
  isFit: z.boolean(), // nothing stands in the way
  isEnrolled: z.boolean(),
  system: z.string(), // 'Debian GNU/Linux 12, x86_64, systemd 252'
  items: z.array(EnrolItem),
});
export type EnrolReport = z.infer<typeof EnrolReport>;

export const rolloutCalls = {
  'rollout:start': { input: RolloutOptions, output: ById },
  'rollout:list': { input: Nothing, output: z.array(RolloutSummary) },
  'rollout:get': { input: ById, output: Rollout },
  'rollout:pause': { input: ById, output: Nothing },
  /** Also after an interruption: gateways that were under way are asked what became of them first. */
  'rollout:resume': { input: ById, output: Nothing },
  'rollout:cancel': { input: ById, output: Nothing },
  /** A new rollout of those that did not end as asked. */
  'rollout:retry': { input: ById, output: ById },
  /** null: the user closed the dialog. */
  'rollout:report': {
    input: ById.extend({ format: z.enum(['text', 'json', 'csv']) }),
    output: z.object({ fileName: z.string() }).nullable(),
  },

  /** Looks without touching anything. */
  'enrol:check': { input: z.strictObject({ at: HostSignIn }), output: EnrolReport },
  /** Progress comes as `enrol:progress` with the same runId; undone on failure. Adds the gateway to the fleet. */
  'enrol:run': {
    input: z.strictObject({ runId: z.uuid(), at: HostSignIn, name: FleetName, group: FleetName.nullable() }),
    output: EnrolReport,
  },
  'enrol:cancel': { input: z.strictObject({ runId: z.uuid() }), output: Nothing },
  /** Removes all that enrolment made; the gateway leaves the fleet too when `removesRecord`. */
  'enrol:undo': {
    input: z.strictObject({ runId: z.uuid(), at: HostSignIn, name: FleetName, removesRecord: z.boolean() }),
    output: EnrolReport,
  },
} as const;

export const rolloutEvents = {
  /** A member's state or the whole changed; members are asked for with `rollout:get`. */
  'rollout:changed': z.object({ summary: RolloutSummary }),
  'enrol:progress': z.object({ runId: z.string(), item: EnrolItem }),
} as const;
