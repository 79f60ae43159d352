// Addresses of the history, of everything or of one scope, for every screen that leads there.
import type { Scope } from '#contract/scope';

/** null: everything. */
export function historyPath(scope: Scope | null): string {
  if (scope === null) return '/history';
  return scope.kind === 'fleet' ? '/history/fleet' : `/history/${scope.kind}s/${scope.name}`;
}
