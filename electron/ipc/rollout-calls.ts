// Calls about pushes in waves, and about hosts that are to become gateways.
import { z } from 'zod';
import { EnrolItem, EnrolReport, HostSignIn } from '#contract/enrolment';
import { Rollout, RolloutOptions, RolloutSummary } from '#contract/rollout';
import { FleetName } from '#contract/settings';

const Nothing = z.strictObject({});
const ById = z.strictObject({ id: z.uuid() });
/** Of the first configuration; null: as group and fleet have it. */
const smtpPort = z.int().min(1).max(65535).nullable().default(null);

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
  'enrol:check': { input: z.strictObject({ at: HostSignIn, smtpPort }), output: EnrolReport },
  /** Progress comes as `enrol:progress` with the same runId; undone on failure. Adds the gateway to the fleet. */
  'enrol:run': {
    input: z.strictObject({ runId: z.uuid(), at: HostSignIn, name: FleetName, group: FleetName.nullable(), smtpPort }),
    output: EnrolReport,
  },
  'enrol:cancel': { input: z.strictObject({ runId: z.uuid() }), output: Nothing },
  /** Removes all that enrolment made; the gateway leaves the fleet too when `removesRecord`. `mail-waits` unless forced. */
  'enrol:undo': {
    input: z.strictObject({
      runId: z.uuid(),
      at: HostSignIn,
      name: FleetName,
      removesRecord: z.boolean(),
      losesMail: z.boolean().default(false),
    }),
    output: EnrolReport,
  },
} as const;

export const rolloutEvents = {
  /** A member's state or the whole changed; members are asked for with `rollout:get`. */
  'rollout:changed': z.object({ summary: RolloutSummary }),
  'enrol:progress': z.object({ runId: z.string(), item: EnrolItem }),
} as const;
