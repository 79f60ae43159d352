// Picks the whole fleet, a group or a gateway by name.
import { Select } from '@mantine/core';
import { useCall } from '../../api/gateway-bridge.ts';
import type { Scope } from '#contract/scope';
import classes from './history.module.css';

type Props = {
  label: string;
  /** null: everything; only where `everything` names it. */
  value: Scope | null;
  onChange: (scope: Scope | null) => void;
  /** What stands for no scope; without it one is always chosen. */
  everything?: string;
};

function keyOf(scope: Scope): string {
  return scope.kind === 'fleet' ? 'fleet' : `${scope.kind} ${scope.name}`;
}

function scopeOf(key: string): Scope {
  const [kind, name = ''] = key.split(' ');
  if (kind === 'group') return { kind, name };
  return kind === 'gateway' ? { kind, name } : { kind: 'fleet' };
}

/** Searchable; a scope that is gone from the fleet stays chosen as long as it is the value. */
export function ScopeSelect({ label, value, onChange, everything }: Props) {
  const fleet = useCall('fleet:list', {});
  const groups = useCall('groups:list', {});
  const known = {
    group: (groups.value ?? []).map(({ name }) => name),
    gateway: (fleet.value ?? []).map(({ name }) => name),
  };
  const named = (kind: 'group' | 'gateway'): { value: string; label: string }[] => {
    const isGone = value?.kind === kind && !known[kind].includes(value.name);
    const names = isGone ? [value.name, ...known[kind]] : known[kind];
    return names.map((name) => ({ value: `${kind} ${name}`, label: kind === 'group' ? `group ${name}` : name }));
  };
  return (
    <Select
      aria-label={label}
      className={classes['scope']}
      searchable
      limit={200}
      nothingFoundMessage="No group or gateway of this name"
      data={[
        ...(everything === undefined ? [] : [{ value: '', label: everything }]),
        { value: 'fleet', label: 'The whole fleet' },
        { group: 'Groups', items: named('group') },
        { group: 'Gateways', items: named('gateway') },
      ]}
      value={value === null ? '' : keyOf(value)}
      allowDeselect={false}
      onChange={(key) => onChange(key === null || key === '' ? null : scopeOf(key))}
    />
  );
}
