// What the settings tabs get: the draft they edit together, and what is known beside it.
import type { Draft } from '#ipc';
import type { FileFacts } from '#contract/fleet';
import type { GatewaySight } from '#contract/push';
import type { Scope } from '#contract/scope';

/** Problems by path in the settings; an empty record can be saved. */
export type FieldProblems = Record<string, string>;

/** The settings of a gateway, a group or the fleet being edited. */
export type SettingsEditor = {
  scope: Scope;
  gateway: string | null; // null: a scope above gateways
  draft: Draft;
  files: Record<string, FileFacts>;
  addresses: string[] | null; // of the gateway's interfaces; null until it told them
  sight: GatewaySight | null;
  problems: FieldProblems;
  change: (draft: Draft) => void;
  reportProblems: (problems: FieldProblems) => void;
  addFile: (facts: FileFacts) => void;
};

/** The draft with some of its settings replaced. */
export function withSettings(draft: Draft, part: Partial<Draft['settings']>): Draft {
  return { ...draft, settings: { ...draft.settings, ...part } };
}
