// Home: every gateway of the fleet in one table, with what it runs, how it fares, and what can be done with it.
import { useRef, useState } from 'react';
import { Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconUpload } from '@tabler/icons-react';
import { useCall } from '../../api/gateway-bridge.ts';
import { goTo } from '../../components/guarded-location.ts';
import { useOpenReview } from '../../components/open-review.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FleetTable } from './fleet-table.tsx';
import { searchRows } from './search-rows.ts';
import { useTryHere } from './try-here.ts';
import classes from './fleet.module.css';

/** The list in the main process's memory: cheap to ask. */
const listEveryMilliseconds = 15_000;

/** Fleet. */
export function FleetScreen() {
  const fleet = useCall('fleet:list', {}, { everyMilliseconds: listEveryMilliseconds });
  const tryHere = useTryHere();
  const rows = fleet.value ?? [];
  const isEmpty = fleet.value !== undefined && rows.length === 0;
  return (
    <>
      <ScreenHeader title="Fleet">
        {!isEmpty && (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => goTo('/add')}>
            Add a gateway
          </Button>
        )}
      </ScreenHeader>
      <div className={classes['screen']}>
        {fleet.problem !== null && (
          <ProblemAlert problem={fleet.problem} title="The fleet folder cannot be read">
            <Button size="xs" variant="default" onClick={() => void fleet.reload()}>
              Read it again
            </Button>
          </ProblemAlert>
        )}
        {fleet.isLoading && <Waiting />}
        {isEmpty && <FirstSteps tryHere={tryHere} />}
        {rows.length > 0 && <FullFleet rows={rows} tryHere={tryHere} />}
      </div>
    </>
  );
}

function Waiting() {
  return (
    <Stack gap={8} p="lg" aria-label="Reading the fleet folder">
      {['a', 'b', 'c', 'd'].map((key) => (
        <Skeleton key={key} height={28} />
      ))}
    </Stack>
  );
}

type FullProps = { rows: Parameters<typeof searchRows>[0]; tryHere: ReturnType<typeof useTryHere> };

function FullFleet({ rows, tryHere }: FullProps) {
  const openReview = useOpenReview();
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const table = useRef<HTMLTableElement>(null);
  const found = searchRows(rows, query);
  const waiting = rows.filter((row) => row.hasUnpushedChanges);
  const chosen = rows.filter((row) => selected.has(row.name) && row.unreadable === null).map((row) => row.name);
  const review = (names: string[]): void => openReview({ targets: names.map((name) => ({ name })) });
  return (
    <>
      <div className={classes['tools']}>
        <TextInput
          data-search
          w={280}
          leftSection={<IconSearch size={16} />}
          placeholder="Search by name, address, state  ( / )"
          aria-label="Search the fleet"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'Enter') table.current?.querySelector('a')?.focus();
            if (event.key === 'Escape') setQuery('');
          }}
        />
        {chosen.length > 0 ? (
          <Button leftSection={<IconUpload size={16} />} onClick={() => review(chosen)}>
            Review and push {chosen.length} selected
          </Button>
        ) : (
          waiting.length > 0 && (
            <Button
              leftSection={<IconUpload size={16} />}
              onClick={() => review(waiting.map((row) => row.name))}
              data-review
            >
              Review and push {waiting.length} with saved changes
            </Button>
          )
        )}
        <Text c="dimmed" ml="auto" role="status">
          {summary(rows.length, found.length)}
        </Text>
      </div>
      <div className={classes['scroll']}>
        <FleetTable ref={table} rows={found} selected={selected} onSelect={setSelected} onReview={review} />
        {found.length === 0 && (
          <Text p="lg" c="dimmed">
            No gateway matches “{query}”.
          </Text>
        )}
        {!rows.some((row) => row.isLocal) && (
          <Text p="md" c="dimmed">
            To try a change first:{' '}
            <Button variant="subtle" size="compact-sm" loading={tryHere.isRunning} onClick={tryHere.start}>
              Try it on this computer
            </Button>{' '}
            {tryHere.words}
          </Text>
        )}
        {tryHere.problem !== null && <ProblemAlert problem={tryHere.problem} title="The local gateway did not start" />}
      </div>
    </>
  );
}

function summary(all: number, found: number): string {
  const gateways = `${all} gateway${all === 1 ? '' : 's'}`;
  return found === all ? gateways : `${found} of ${gateways}`;
}
