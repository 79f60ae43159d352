// What crosses between the window and the main process: every call with its input and output, every event. The
// renderer sees only this file of electron/.
import { z } from 'zod';
import { FileFacts, HostKey, LastPush, SshAddress } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import { GatewayReview, GatewaySight, PushProgress, PushResult } from '#contract/push';
import { Explanation, HelloReply, QueueReply } from '#contract/replies';
import { QueueTask } from '#contract/requests';
import { Origin, Scope } from '#contract/scope';
import { FleetName, GatewaySettings } from '#contract/settings';
import { SettingPath } from '#contract/settings-layer';
import { connectCalls } from './connect-calls.ts';
import { historyCalls, historyEvents } from './history-calls.ts';
import { remoteCalls, remoteEvents } from './remote-calls.ts';
import { rolloutCalls, rolloutEvents } from './rollout-calls.ts';
import { scopeCalls } from './scope-calls.ts';

export type { ConfiguredHost } from './connect-calls.ts';
export type { AuditEntry, AuditVerdict, DriftReport, FieldConflict } from './history-calls.ts';
export type { GatewayDifference, HistoryEntry, RanThen } from './history-calls.ts';
export type { RemoteState, SyncResult } from './remote-calls.ts';
export type { EnrolItem, EnrolReport, HostSignIn } from '#contract/enrolment';
export type { GroupRow, SharedListRow } from './scope-calls.ts';

const Nothing = z.strictObject({});
const ByName = z.strictObject({ name: FleetName });
const [listTask, showTask, actTask] = QueueTask.options;

/** 64 MiB of text: a million entries with notes. */
const ListText = z.string().max(64 * 1024 * 1024);
/** Secrets go in, never out. */
const Secret = z.string().min(1).max(1024);

/** Where secrets are kept, in words for the screen. */
export const VaultState = z.object({
  /** keychain: the system's; passphrase: opened with one; locked: a passphrase is needed; new: none was chosen yet. */
  state: z.enum(['keychain', 'passphrase', 'locked', 'new']),
  words: z.string(),
});
export type VaultState = z.infer<typeof VaultState>;

export const AppInfo = z.object({
  version: z.string(),
  electron: z.string(),
  /** True where the repacked end-of-life runtime for development runs the app. */
  isDevelopmentRuntime: z.boolean(),
  fleetFolder: z.string(),
  platform: z.string(),
  vault: VaultState,
});
export type AppInfo = z.infer<typeof AppInfo>;

/** A push or a rollback to one gateway, from any computer of the team. */
export const LastAttempt = z.object({
  at: z.string(),
  by: z.string(),
  outcome: z.string(), // a kind of PushResult, as the audit log has it
  words: z.string(),
});

/** One row of the fleet. An unreadable file is a row too: it is reported, never overwritten. */
export const FleetRow = z.object({
  name: z.string(),
  ssh: SshAddress.nullable(),
  hostKeys: z.array(HostKey),
  isLocal: z.boolean(),
  group: z.string().nullable(),
  tags: z.array(z.string()),
  /** Connections at the last looks, oldest first, at most 60: the sparkline. */
  trend: z.array(z.int()),
  /** The last one that was confirmed: what `hasUnpushedChanges` and drift are told from. */
  lastPush: LastPush.nullable(),
  /** The last one, whatever came of it; null: the audit log knows of none. */
  lastAttempt: LastAttempt.nullable(),
  /** Saved here, but not what was last pushed. */
  hasUnpushedChanges: z.boolean(),
  sight: GatewaySight,
  unreadable: z.string().nullable(), // why the YAML file cannot be read
});
export type FleetRow = z.infer<typeof FleetRow>;

/** What a settings screen edits: the settings in force at its scope. List texts hold own entries, in the import format. */
export const Draft = z.strictObject({
  settings: GatewaySettings,
  /** Fields that are set at this scope ('connections.interface.port'); all others follow what is inherited. */
  overrides: z.array(SettingPath).max(200),
  denyText: ListText,
  permitText: ListText,
});
export type Draft = z.infer<typeof Draft>;

/** Settings as saved. `savedVersion` comes back with the save, so that two editors never overwrite each other. */
export const SettingsDocument = z.object({
  draft: Draft,
  savedVersion: z.string(),
  /** What counts where nothing is set at this scope, and who says so, for every field. */
  inherited: z.object({ settings: GatewaySettings, origins: z.record(z.string(), Origin) }),
  /** Fields that scopes below set themselves and so do not follow this one: 'mx1', 'group edge'. Empty for a gateway. */
  deviations: z.record(z.string(), z.array(z.string())),
  files: z.record(z.string(), FileFacts), // by SHA-256
  lastPush: LastPush.nullable(),
});
export type SettingsDocument = z.infer<typeof SettingsDocument>;

export const FilePurpose = z.enum(['certificate', 'privateKey', 'caCertificate', 'outgoingCa']);
export type FilePurpose = z.infer<typeof FilePurpose>;

/** A file the user picked; the content stays in the main process under `token`. */
const Picked = z.object({ token: z.string(), fileName: z.string() });

const NewGateway = z.strictObject({
  name: FleetName,
  ssh: SshAddress,
  hostKeys: z.array(HostKey).min(1),
  secret: Secret.optional(), // password, or passphrase of the key file; goes to the keychain
});

export const calls = {
  'app:info': { input: Nothing, output: AppInfo },
  'app:choose-folder': { input: Nothing, output: z.object({ fleetFolder: z.string() }).nullable() },
  /** `state: new` chooses the passphrase, `locked` opens with it. */
  'vault:unlock': { input: z.strictObject({ passphrase: Secret }), output: VaultState },

  'fleet:list': { input: Nothing, output: z.array(FleetRow) },
  'fleet:refresh': { input: ByName, output: GatewaySight },
  'fleet:hello': { input: ByName, output: HelloReply },
  'fleet:explain': {
    input: z.strictObject({
      name: FleetName,
      address: z.union([z.ipv4(), z.ipv6()]),
      sender: z.string().max(320).optional(),
      recipient: z.string().max(320).optional(),
    }),
    output: Explanation,
  },

  /** First contact: reads the host key and closes before any sign-in. */
  'gateway:scan-host-key': {
    input: z.strictObject({ host: SshAddress.shape.host, port: SshAddress.shape.port }),
    output: HostKey,
  },
  'gateway:try-sign-in': { input: NewGateway, output: HelloReply },
  'gateway:add': { input: NewGateway, output: Nothing },
  'gateway:remove': { input: ByName, output: z.object({ undo: z.string() }) }, // commit to bring it back from
  'gateway:restore': {
    input: z.strictObject({ name: FleetName, undo: z.string().regex(/^[0-9a-f]{40}$/) }),
    output: Nothing,
  },
  /** Deliberate re-enrolment after a changed host key: replaces the pinned keys. */
  'gateway:pin-host-key': { input: z.strictObject({ name: FleetName, hostKey: HostKey }), output: Nothing },
  'gateway:set-secret': { input: z.strictObject({ name: FleetName, secret: Secret }), output: Nothing },
  'gateway:update-ssh': { input: z.strictObject({ name: FleetName, ssh: SshAddress }), output: Nothing },

  'settings:load': { input: z.strictObject({ scope: Scope }), output: SettingsDocument },
  /** The gateways that a scope reaches. */
  'settings:reach': { input: z.strictObject({ scope: Scope }), output: z.array(FleetName) },
  /** What a push to one gateway would do: as saved, or if a scope above it (or its own) had this draft. */
  'settings:review': {
    input: z.strictObject({ gateway: FleetName, unsaved: z.strictObject({ scope: Scope, draft: Draft }).optional() }),
    output: GatewayReview,
  },
  'settings:save': {
    input: z.strictObject({ scope: Scope, draft: Draft, savedVersion: z.string(), words: z.string().max(20_000) }),
    output: z.object({ savedVersion: z.string(), commit: z.string() }),
  },

  /** Resolves when every gateway ended; progress comes as `push:progress` with the same runId. */
  'push:run': {
    input: z.strictObject({ runId: z.uuid(), names: z.array(FleetName).min(1).max(1000), overwriteThere: z.boolean() }),
    output: z.array(z.object({ gateway: z.string(), result: PushResult })),
  },
  'push:cancel': { input: z.strictObject({ runId: z.uuid() }), output: Nothing },

  /** A page of the queue, oldest first; `after` is the last id of the page before. */
  'queue:list': { input: listTask.omit({ kind: true }).extend({ name: FleetName }), output: QueueReply },
  /** One message with its header. */
  'queue:show': { input: showTask.omit({ kind: true }).extend({ name: FleetName }), output: QueueReply },
  'queue:act': { input: actTask.omit({ kind: true }).extend({ name: FleetName }), output: QueueReply },

  /** Opens the system's file dialog; null: the user closed it. */
  'file:browse': { input: z.strictObject({ purpose: FilePurpose }), output: Picked.nullable() },
  /** Where the private key for signing in lies: its path alone, nothing is read. */
  'file:browse-key': { input: Nothing, output: z.object({ path: z.string() }).nullable() },
  /** Checks and stores what was picked. `secret-needed`: an encrypted key asks for its passphrase once. */
  'file:upload': {
    input: z.strictObject({ purpose: FilePurpose, token: z.string(), passphrase: Secret.optional() }),
    output: FileFacts,
  },
  'list:open': { input: Nothing, output: z.object({ fileName: z.string(), text: ListText }).nullable() },
  'list:save': {
    input: z.strictObject({ suggestedName: z.string().max(200), text: ListText }),
    output: z.object({ fileName: z.string() }).nullable(),
  },

  /** "Try it on this computer": starts the local gateway, or finds it running. */
  'local:start': { input: Nothing, output: z.object({ name: FleetName }) },

  ...scopeCalls,
  ...historyCalls,
  ...remoteCalls,
  ...rolloutCalls,
  ...connectCalls,
} as const;

export type CallName = keyof typeof calls;
export type Input<C extends CallName> = z.infer<(typeof calls)[C]['input']>;
export type RawInput<C extends CallName> = z.input<(typeof calls)[C]['input']>;
export type Output<C extends CallName> = z.infer<(typeof calls)[C]['output']>;

/** Main to window. */
export const events = {
  'push:progress': z.object({ runId: z.string(), progress: PushProgress }),
  'push:result': z.object({ runId: z.string(), gateway: z.string(), result: PushResult }),
  'fleet:changed': z.object({ name: z.string().nullable() }), // null: the whole list
  'local:progress': z.object({ words: z.string() }),
  /** Gateways as they were seen just now, by the look that goes on by itself. */
  'fleet:sights': z.object({ sights: z.record(z.string(), GatewaySight) }),
  ...historyEvents,
  ...remoteEvents,
  ...rolloutEvents,
} as const;
export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.infer<(typeof events)[E]>;

/** What preload exposes as `window.gateway`. */
export type GatewayBridge = {
  call<C extends CallName>(channel: C, input: RawInput<C>): Promise<Outcome<Output<C>>>;
  /** Returns how to stop listening. */
  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): () => void;
};
