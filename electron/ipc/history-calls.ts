// Calls about what was, what others did, who did what, and what is kept: history, drift, audit, backups.
import { z } from 'zod';
import { Change } from '#contract/difference';
import { Revision } from '#contract/files';
import { GatewaySight } from '#contract/push';
import { Scope } from '#contract/scope';
import { FleetName } from '#contract/settings';

const Nothing = z.strictObject({});
const ByName = z.strictObject({ name: FleetName });
const ByDay = z.strictObject({ day: z.iso.date() });
const CommitId = z.string().regex(/^[0-9a-f]{40}$/);
const Secret = z.string().min(1).max(1024);

/** One save. */
export const HistoryEntry = z.object({
  commit: z.string(),
  parent: z.string().nullable(), // the save before it; null: the first one
  at: z.string(), // ISO 8601
  author: z.string(),
  words: z.string(), // the message's first line
  body: z.string(),
  scopes: z.array(Scope), // whom it touched
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** What one gateway would be given before and after. `words`: what no list of changes can say ('It is removed.'). */
export const GatewayDifference = z.object({
  gateway: z.string(),
  difference: z.array(Change),
  words: z.string().nullable(),
});
export type GatewayDifference = z.infer<typeof GatewayDifference>;

/** What a gateway ran at a time, by the pushes recorded here. */
export const RanThen = z.object({
  revision: Revision.nullable(), // null: nothing was pushed by then
  pushedAt: z.string().nullable(),
  by: z.string().nullable(),
  commit: z.string().nullable(), // holds the settings of that push
  difference: z.array(Change), // to what it would be given now
  words: z.string().nullable(), // why the settings of that push, or the difference, cannot be shown
});
export type RanThen = z.infer<typeof RanThen>;

/** One field that two sides changed differently, or that may be taken over. */
export const FieldConflict = z.object({
  id: z.string(), // names it in the answer
  scope: Scope,
  label: z.string(), // 'Port'
  base: z.string(), // in words, as a review says it
  ours: z.string(),
  theirs: z.string(),
});
export type FieldConflict = z.infer<typeof FieldConflict>;

/** What runs there and was not made here, field by field. */
export const DriftReport = z.object({
  gateway: z.string(),
  sight: GatewaySight,
  base: Revision.nullable(), // the last confirmed push from here
  running: Revision.nullable(),
  author: z.string().nullable(), // of what runs, as the gateway recorded it
  at: z.string().nullable(),
  /** What they changed since the base, in words. */
  difference: z.array(Change),
  /** Of these fields both sides made something else. `id` is the field's path. */
  conflicts: z.array(FieldConflict),
  /** Why some of it cannot be shown or taken over: the base is in no history, say. */
  limits: z.array(z.string()),
});
export type DriftReport = z.infer<typeof DriftReport>;

export const AuditEntry = z.object({
  at: z.string(),
  by: z.string(),
  action: z.string(), // 'push', 'rollback', 'add', 'remove', 'enrol', 'host-key', 'sign-in', 'restore', 'queue', ...
  target: z.string().nullable(), // a gateway, a group, or the fleet
  outcome: z.string(), // a PushResult's kind, 'done', or the problem's code
  words: z.string(),
  writer: z.string(), // which computer's chain it stands in
  number: z.int(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** `broken`: each place where a chain does not hold, in words. */
export const AuditVerdict = z.object({
  entries: z.int(),
  chains: z.int(),
  broken: z.array(z.object({ writer: z.string(), number: z.int().nullable(), words: z.string() })),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

/** One that cannot be read is told, not left out. */
const DayBackup = z.object({
  day: z.string(), // '2026-11-24', by this computer's clock
  bytes: z.int(),
  gateways: z.int(),
  problem: z.string().nullable(),
});

/** `files`: how many would change, those that reach no gateway included. */
const BackupPreview = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  touched: z.array(z.string()),
  files: z.int(),
  differences: z.array(GatewayDifference),
});

export const historyCalls = {
  /** Newest first; `after` is the `next` of the page before. */
  'history:log': {
    input: z.strictObject({
      scope: Scope.nullable(), // null: everything
      after: CommitId.nullable().default(null),
      limit: z.int().min(1).max(500).default(100),
    }),
    output: z.object({ entries: z.array(HistoryEntry), next: z.string().nullable() }),
  },
  /** From one commit to another, per gateway touched; `to: null` is what lies in the folder now. */
  'history:compare': {
    input: z.strictObject({ scope: Scope, from: CommitId, to: CommitId.nullable() }),
    output: z.array(GatewayDifference),
  },
  /** What a restoration would do; nothing changes. */
  'history:preview-restore': {
    input: z.strictObject({ scope: Scope, commit: CommitId }),
    output: z.object({ touched: z.array(z.string()), differences: z.array(GatewayDifference) }),
  },
  /** A new commit that brings the scope back to what it was (null: it is so already); nothing is pushed. */
  'history:restore': {
    input: z.strictObject({ scope: Scope, commit: CommitId }),
    output: z.object({ commit: z.string().nullable(), touched: z.array(z.string()) }),
  },
  'history:ran': { input: ByName.extend({ at: z.iso.datetime({ offset: true }) }), output: RanThen },

  'drift:show': { input: ByName, output: DriftReport },
  /** Takes these fields over from the gateway ('all': each one), keeps ours for the rest; the next push is no conflict. */
  'drift:take': {
    input: ByName.extend({ fields: z.union([z.literal('all'), z.array(z.string()).max(1000)]) }),
    output: z.object({ commit: z.string() }),
  },

  'audit:list': {
    input: z.strictObject({
      target: z.string().max(100).nullable().default(null),
      before: z.string().nullable().default(null), // `at` of the last one of the page before
      limit: z.int().min(1).max(1000).default(200),
    }),
    output: z.object({ entries: z.array(AuditEntry), hasMore: z.boolean() }),
  },
  'audit:verify': { input: Nothing, output: AuditVerdict },

  /** The copies from before the first change of each day, newest first. */
  'backup:list': { input: Nothing, output: z.array(DayBackup) },
  /** What bringing one back in place would do; nothing changes. */
  'backup:preview-restore': { input: ByDay, output: BackupPreview },
  /** One save with the settings of that day (null: they are so already); `before` is what undo restores. Nothing is pushed. */
  'backup:restore': {
    input: ByDay,
    output: z.object({ commit: z.string().nullable(), before: z.string().nullable(), touched: z.array(z.string()) }),
  },
  /** Stops the restoration that runs; it answers `cancelled`, and nothing was changed. Too late once files are put in place. */
  'backup:cancel': { input: Nothing, output: Nothing },
  /** Everything, encrypted with a passphrase (age); null: the user closed the dialog. */
  'backup:export': {
    input: z.strictObject({ passphrase: Secret, withPrivateKeys: z.boolean() }),
    output: z.object({ fileName: z.string(), gateways: z.int(), privateKeys: z.int() }).nullable(),
  },
  /** Into an empty folder that the user chooses, which is opened then. */
  'backup:import': {
    input: z.strictObject({ passphrase: Secret }),
    output: z.object({ fleetFolder: z.string(), gateways: z.int(), privateKeys: z.int() }).nullable(),
  },
} as const;

/** How far a restoration is. */
export const historyEvents = {
  'backup:progress': z.object({ words: z.string(), canStop: z.boolean() }),
} as const;
