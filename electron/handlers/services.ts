// What handlers work with. main.ts builds it once; `folder`, `vault` and `engine` are replaced when another fleet
// folder is opened, so a handler reads them at each call.
import type { CallName, EventData, EventName, Input, Output } from '#ipc';
import type { Outcome } from '#contract/outcome';
import type { DriftDesk } from '../fleet/drift-desk.ts';
import type { Engine } from '../fleet/engine.ts';
import type { Rollouts } from '../fleet/rollout/rollouts.ts';
import type { AuditLog } from '../store/audit-log.ts';
import type { FleetBackups } from '../store/fleet-backups.ts';
import type { FleetFolder } from '../store/fleet-folder.ts';
import type { FleetHistory } from '../store/history-service.ts';
import type { FleetRemote } from '../store/remote-service.ts';
import type { Vault } from '../store/vault.ts';

/** Registers the answer of one channel: `handle` of electron/ipc, or a test's own. */
export type Handle = <C extends CallName>(channel: C, answer: (input: Input<C>) => Promise<Outcome<Output<C>>>) => void;

export type Emit = <E extends EventName>(event: E, data: EventData<E>) => void;

export type Filter = { name: string; extensions: string[] };

/** The system's dialogs; null: the user closed it. Paths stay in the main process. */
export type Dialogs = {
  openFile(filters: Filter[]): Promise<string | null>;
  saveFile(suggestedName: string): Promise<string | null>;
  openFolder(): Promise<string | null>;
};

/** "Try it on this computer". */
type LocalService = { start(onProgress: (words: string) => void): Promise<Outcome<{ name: string }>> };

export type Services = {
  folder: FleetFolder;
  vault: Vault;
  engine: Engine;
  drift: DriftDesk;
  /** Of this fleet folder. */
  rollouts: Rollouts;
  history: FleetHistory;
  remote: FleetRemote;
  /** Of the days, in the app's own folder. */
  backups: FleetBackups;
  /** Folder, vault and engine write into it by themselves. */
  audit: AuditLog;
  local: LocalService;
  /** The agent's bundle, beside which lies what enrolment sends to a host. */
  findAgentBundle: () => Outcome<string>;
  /** Whose name pushes and management keys carry. */
  author: string;
  dialogs: Dialogs;
  emit: Emit;
  info: { version: string; electron: string; isDevelopmentRuntime: boolean; platform: string };
  /** Opens another fleet folder: replaces folder, vault and engine, and remembers the choice. */
  openFolder(path: string): Promise<Outcome<void>>;
};
