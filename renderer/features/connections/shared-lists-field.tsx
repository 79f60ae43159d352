// The shared lists of the rule that holds: chips with a picker. Nothing stands here while the fleet has no shared list.
import { Anchor, MultiSelect } from '@mantine/core';
import type { Draft } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { SettingsField } from '../../components/settings-section.tsx';
import { Remark } from './remark.tsx';

type Control = Draft['settings']['connections']['control'];
type Props = { control: Control; onControl: (part: Partial<Control>) => void };

/** One row of the form. */
export function SharedListsField({ control, onControl }: Props) {
  const lists = useCall('lists:list', {});
  const field = control.mode === 'accept-except' ? 'sharedDenyLists' : 'sharedPermitLists';
  const chosen = control[field];
  const known = lists.value ?? [];
  if (known.length === 0 && chosen.length === 0) return null;
  const options = new Map(known.map(({ name, entries }) => [name, `${name} (${entries.toLocaleString('en')})`]));
  for (const name of chosen) if (!options.has(name)) options.set(name, name);
  const broken = known.filter(({ name, unreadable }) => unreadable !== null && chosen.includes(name));
  return (
    <SettingsField label="Shared lists" of={`connections.control.${field}`}>
      <MultiSelect
        aria-label="Shared lists"
        maw={480}
        data={[...options].map(([value, label]) => ({ value, label }))}
        value={chosen}
        placeholder={chosen.length === 0 ? 'None; pick lists to add' : ''}
        onChange={(names) => onControl({ [field]: names })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear shared lists' }}
        nothingFoundMessage="No such list"
      />
      {broken.map(({ name, unreadable }) => (
        <Remark key={name} tone="bad" role="alert">
          {unreadable}
        </Remark>
      ))}
      <Remark tone="quiet">
        <span>
          Sent before the entries below.{' '}
          <Anchor href="#/lists" underline="always" fz={13}>
            Edit shared lists
          </Anchor>
        </span>
      </Remark>
    </SettingsField>
  );
}
