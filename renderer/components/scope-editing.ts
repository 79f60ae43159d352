// What a field of a settings form needs to know of the scope that is edited: where its value comes from, and the way
// back to what is inherited. A form without a scope shows no origins.
import { createContext, useContext } from 'react';
import type { Draft, SettingsDocument } from '#ipc';
import type { Origin, Scope } from '#contract/scope';
import type { SettingPath } from '#contract/settings-layer';
import { gatewayPath, type GatewayTab } from './gateway-path.ts';

export type ScopeEditing = {
  scope: Scope;
  draft: Draft;
  inherited: SettingsDocument['inherited'];
  deviations: SettingsDocument['deviations'];
  reset: (path: SettingPath) => void;
  pin: (path: SettingPath) => void;
};

/** Set by the screens that edit a scope. */
export const ScopeEditingContext = createContext<ScopeEditing | null>(null);

/** null where no scope is edited. */
export function useScopeEditing(): ScopeEditing | null {
  return useContext(ScopeEditingContext);
}

/** A scope in words, within a sentence: 'the whole fleet', 'group edge', 'mx1'. */
export function scopeInWords(scope: Scope): string {
  if (scope.kind === 'fleet') return 'the whole fleet';
  return scope.kind === 'group' ? `group ${scope.name}` : scope.name;
}

/** Who decides, within a sentence: 'Postern’s default', 'the whole fleet', 'group edge'. */
export function originInWords(origin: Origin): string {
  return origin.kind === 'default' ? 'Postern’s default' : scopeInWords(origin);
}

/** The tabs that edit settings. */
export type SettingsTab = Exclude<GatewayTab, 'live' | 'queue'>;

/** The address of one settings tab of a scope. */
export function scopePath(scope: Scope, tab: SettingsTab): string {
  if (scope.kind === 'fleet') return `/fleet-settings/${tab}`;
  return scope.kind === 'group' ? `/groups/${scope.name}/${tab}` : gatewayPath(scope.name, tab);
}

/** What a file that holds something of a scope is named after. */
export function scopeFileName(scope: Scope): string {
  return scope.kind === 'fleet' ? 'fleet' : scope.name;
}

/** The settings tab that shows a field. */
export function tabOf(path: SettingPath): SettingsTab {
  if (path.startsWith('smtp.')) return 'smtp';
  if (path.startsWith('connections.')) return 'connections';
  return path.startsWith('messageRule.') ? 'message-rule' : 'delivery';
}
