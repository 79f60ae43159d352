// What crosses between the main process and the service process, which holds fleet, vault and engine. Both are ours
// and built together, so nothing is parsed here but the window's input, at the service's door.
import type { CallName, EventName } from '#ipc';
import type { Outcome, Problem } from '#contract/outcome';

/** What only the main process can do: the system's dialogs. */
export type DialogQuestion =
  | { dialog: 'openFile'; filters: { name: string; extensions: string[] }[] }
  | { dialog: 'saveFile'; suggestedName: string }
  | { dialog: 'openFolder' };

/** Facts that only the main process knows. */
export type ServiceStart = {
  userData: string;
  info: { version: string; electron: string; isDevelopmentRuntime: boolean; platform: string };
};

export type ToService =
  | { kind: 'start'; start: ServiceStart }
  | { kind: 'call'; id: number; channel: CallName; rawInput: unknown }
  | { kind: 'dialog-answer'; id: number; path: string | null }
  | { kind: 'close' };

export type FromService =
  | { kind: 'ready' }
  /** The fleet folder cannot be opened: nothing else will come. */
  | { kind: 'failed'; problem: Problem }
  | { kind: 'answer'; id: number; outcome: Outcome<unknown> }
  | { kind: 'event'; event: EventName; data: unknown }
  | { kind: 'dialog'; id: number; question: DialogQuestion }
  | { kind: 'closed' };
