// Whom a save touched: a sign and a name each, the rest by their count.
import { IconFolder, IconServer2, IconServerCog } from '@tabler/icons-react';
import type { Scope } from '#contract/scope';
import classes from './history.module.css';

const icons = { fleet: IconServerCog, group: IconFolder, gateway: IconServer2 } as const;

/** What a chip says: the sign tells a group from a gateway, and the hidden words say it. */
function nameOf(scope: Scope): string {
  return scope.kind === 'fleet' ? 'whole fleet' : scope.name;
}

/** At most `shown` chips. */
export function ScopeChips({ scopes, shown }: { scopes: readonly Scope[]; shown: number }) {
  const rest = scopes.slice(shown);
  return (
    <span className={classes['chips']}>
      {scopes.slice(0, shown).map((scope) => {
        const Icon = icons[scope.kind];
        return (
          <span key={`${scope.kind} ${nameOf(scope)}`} className={classes['chip']}>
            <Icon size={13} {...(scope.kind === 'group' ? { 'aria-label': 'group' } : { 'aria-hidden': true })} />
            <span className={classes['chipName']}>{nameOf(scope)}</span>
          </span>
        );
      })}
      {rest.length > 0 && (
        <span className={classes['rest']} title={rest.map(nameOf).join(', ')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
