// The line above the table: search, filters, columns. While gateways are selected it says what can be done with them.
import type { KeyboardEvent } from 'react';
import { Button, Checkbox, Chip, Menu, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconChevronDown, IconColumns, IconSearch } from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import { formatCount } from '../../components/format-time.ts';
import { fleetColumns, usualColumns, type ColumnId } from './fleet-columns.ts';
import type { FleetView } from './fleet-view.ts';
import { countStates, noFilter, stateWords } from './find-rows.ts';
import classes from './fleet.module.css';

type Props = {
  rows: readonly FleetRow[];
  found: number;
  view: FleetView;
  hidden: readonly ColumnId[];
  onLeaveSearch: () => void;
};

/** Search and filters. */
export function FleetTools({ rows, found, view, hidden, onLeaveSearch }: Props) {
  const { filter, narrow } = view;
  const isNarrowed = JSON.stringify(filter) !== JSON.stringify(noFilter);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      onLeaveSearch();
    }
    if (event.key === 'Escape') narrow({ query: '' });
  };
  return (
    <>
      <TextInput
        data-search
        className={classes['search']}
        leftSection={<IconSearch size={16} />}
        placeholder="Name, group, tag, state… ( / )"
        aria-label="Search the fleet"
        value={filter.query}
        onChange={(event) => narrow({ query: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <StateFilter rows={rows} view={view} />
      <TagFilter rows={rows} view={view} />
      <Chip
        size="sm"
        variant="light"
        checked={filter.needsPush}
        onChange={() => narrow({ needsPush: !filter.needsPush })}
      >
        Needs push
      </Chip>
      {isNarrowed && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => narrow(noFilter)}>
          Clear
        </Button>
      )}
      <Text c="dimmed" ml="auto" role="status" className={classes['count']}>
        {summary(rows.length, found)}
      </Text>
      <ColumnChoice view={view} hidden={hidden} />
    </>
  );
}

function StateFilter({ rows, view: { filter, narrow } }: Pick<Props, 'rows' | 'view'>) {
  const present = countStates(rows).map(({ state }) => state);
  const offered = [...new Set([...present, ...filter.states])];
  return (
    <ManyOf
      label="State"
      offered={offered.map((state) => ({ value: state, label: stateWords(state) }))}
      chosen={filter.states}
      onChange={(states) => narrow({ states: offered.filter((state) => states.includes(state)) })}
    />
  );
}

function TagFilter({ rows, view: { filter, narrow } }: Pick<Props, 'rows' | 'view'>) {
  const tags = [...new Set([...rows.flatMap((row) => row.tags), ...filter.tags])].toSorted();
  if (tags.length === 0) return null;
  return (
    <ManyOf
      label="Tag"
      offered={tags.map((tag) => ({ value: tag, label: tag }))}
      chosen={filter.tags}
      onChange={(chosen) => narrow({ tags: chosen })}
    />
  );
}

type ManyProps = {
  label: string;
  offered: { value: string; label: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
};

function ManyOf({ label, offered, chosen, onChange }: ManyProps) {
  const words = chosen.length === 0 ? label : `${label}: ${chosen.length === 1 ? one(offered, chosen) : chosen.length}`;
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={chosen.length === 0 ? 'default' : 'light'}
          size="compact-md"
          rightSection={<IconChevronDown size={14} />}
          className={classes['filter']}
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm" mah={360} style={{ overflowY: 'auto' }} aria-label={`Filter by ${label.toLowerCase()}`}>
        <Checkbox.Group value={[...chosen]} onChange={onChange}>
          <Stack gap={8}>
            {offered.map(({ value, label: name }) => (
              <Checkbox key={value} value={value} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}

function one(offered: ManyProps['offered'], chosen: readonly string[]): string {
  return offered.find(({ value }) => value === chosen[0])?.label ?? '';
}

function ColumnChoice({ view: { columns, choose }, hidden }: Pick<Props, 'view' | 'hidden'>) {
  const turn = (id: ColumnId): void => {
    choose(columns.includes(id) ? columns.filter((each) => each !== id) : [...columns, id]);
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-md" leftSection={<IconColumns size={16} />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {fleetColumns
          .filter(({ id }) => id !== 'name')
          .map(({ id, label }) => (
            <Menu.CheckboxItem key={id} checked={columns.includes(id)} onChange={() => turn(id)}>
              {label}
              {hidden.includes(id) && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  (needs a wider window)
                </Text>
              )}
            </Menu.CheckboxItem>
          ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconAdjustmentsHorizontal size={16} />} onClick={() => choose(usualColumns)}>
          The usual ones
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function summary(all: number, found: number): string {
  const gateways = `${formatCount(all)} gateway${all === 1 ? '' : 's'}`;
  return found === all ? gateways : `${formatCount(found)} of ${gateways}`;
}
