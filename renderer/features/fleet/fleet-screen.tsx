// Home: every gateway of the fleet, or of one group, in one table, with how it fares and what can be done with it.
import { useCallback, useMemo, useRef, useState } from 'react';
import { ActionIcon, Button, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconSettings, IconUpload } from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { groupPath } from '../../components/group-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { HistoryLink } from '../../components/history-link.tsx';
import { useOpenReview } from '../../components/open-review.ts';
import { openRollout } from '../../components/open-rollout.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { scopePath } from '../../components/scope-editing.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { useNow } from '../../components/use-now.ts';
import { FirstSteps } from './first-steps.tsx';
import type { ColumnId } from './fleet-columns.ts';
import { FleetSummary } from './fleet-summary.tsx';
import { FleetTable } from './fleet-table.tsx';
import { FleetTools } from './fleet-tools.tsx';
import { useFleetView } from './fleet-view.ts';
import { findRows, noFilter, sortRows } from './find-rows.ts';
import { renameGroup } from './group-menu.tsx';
import { groupTrail, withDescendants } from './group-order.ts';
import { SelectionBar } from './selection-bar.tsx';
import { useTryHere, type TryHere } from './try-here.ts';
import classes from './fleet.module.css';

/** Files may change under the app without an event; the fleet folder is read again so often. */
const listEveryMilliseconds = 60_000;
/** How long until an expired certificate is counted as one. */
const clockMilliseconds = 60_000;

/** Fleet, or one group of it. */
export function FleetScreen({ group = null }: { group?: string | null }) {
  const fleet = useCall('fleet:list', {}, { everyMilliseconds: listEveryMilliseconds });
  const groups = useCall('groups:list', {});
  const tryHere = useTryHere();
  const review = useReview();
  const rows = useMemo(() => {
    const all = fleet.value ?? [];
    if (group === null) return all;
    const names = new Set(withDescendants(groups.value ?? [], group));
    return all.filter((row) => row.group !== null && names.has(row.group));
  }, [fleet.value, groups.value, group]);
  const waiting = rows.filter((row) => row.hasUnpushedChanges && row.unreadable === null).map((row) => row.name);
  const isEmpty = fleet.value !== undefined && fleet.value.length === 0;
  const isGroupEmpty = fleet.value !== undefined && !isEmpty && rows.length === 0;
  return (
    <>
      <ScreenHeader
        title={group ?? 'Fleet'}
        facts={group !== null && <GroupFacts name={group} trail={groupTrail(groups.value ?? [], group)} />}
      >
        {group !== null && (
          <>
            <HistoryLink scope={{ kind: 'group', name: group }} />
            <Button
              variant="default"
              leftSection={<IconSettings size={16} />}
              onClick={() => goTo(scopePath({ kind: 'group', name: group }, 'connections'))}
            >
              Settings of the group
            </Button>
          </>
        )}
        {!isEmpty && (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => goTo('/add')}>
            Add a gateway
          </Button>
        )}
        {waiting.length > 0 && (
          <Button leftSection={<IconUpload size={16} />} onClick={() => review(waiting)} data-review>
            Review and push {waiting.length} with saved changes
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
        {isGroupEmpty && (
          <Text px="lg" c="dimmed">
            No gateway is in this group. Drag gateways from the fleet onto its name, or select them there and choose
            Move.
          </Text>
        )}
        {rows.length > 0 && <FullFleet rows={rows} tryHere={tryHere} onReview={review} />}
      </div>
    </>
  );
}

function GroupFacts({ name, trail }: { name: string; trail: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text c="dimmed" truncate>
        group {trail}
      </Text>
      <Tooltip label="Rename the group">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Rename the group ${name}`}
          onClick={() => renameGroup(name, groupPath(name))}
        >
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

/** One gateway: the drawer. Many: waves, on a screen of their own. */
function useReview(): (names: string[]) => void {
  const openReview = useOpenReview();
  return useCallback(
    (names) => {
      if (names.length === 1) openReview({ targets: names.map((name) => ({ name })) });
      else openRollout(names);
    },
    [openReview],
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

type FullProps = { rows: readonly FleetRow[]; tryHere: TryHere; onReview: (names: string[]) => void };

function FullFleet({ rows, tryHere, onReview }: FullProps) {
  const view = useFleetView();
  const { filter, sort } = view;
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [hidden, setHidden] = useState<readonly ColumnId[]>([]);
  const table = useRef<HTMLDivElement>(null);
  const now = useNow(clockMilliseconds);
  const found = useMemo(() => sortRows(findRows(rows, filter, now), sort), [rows, filter, sort, now]);
  const hasSelection = rows.some((row) => marked.has(row.name));
  return (
    <>
      <FleetSummary rows={rows} now={now} view={view} />
      <div className={classes['tools']}>
        {hasSelection ? (
          <SelectionBar rows={rows} found={found} marked={marked} onMark={setMarked} onReview={onReview} />
        ) : (
          <FleetTools
            rows={rows}
            found={found.length}
            view={view}
            hidden={hidden}
            onLeaveSearch={() => table.current?.focus()}
          />
        )}
      </div>
      <FleetTable
        ref={table}
        rows={found}
        columns={view.columns}
        sort={sort}
        onSort={view.sortBy}
        marked={marked}
        onMark={setMarked}
        onReview={onReview}
        onHidden={setHidden}
      />
      {found.length === 0 && (
        <div className={classes['none']}>
          <Text c="dimmed">No gateway matches the search and the filters.</Text>
          <Button variant="default" size="xs" onClick={() => view.narrow(noFilter)}>
            Show all
          </Button>
        </div>
      )}
      <TryLine rows={rows} tryHere={tryHere} />
    </>
  );
}

/** A fleet that is small enough to be somebody's first is told of the local gateway. */
const firstFleet = 10;

function TryLine({ rows, tryHere }: Omit<FullProps, 'onReview'>) {
  if (rows.length > firstFleet || rows.some((row) => row.isLocal)) return null;
  return (
    <>
      <Text px="lg" py={8} c="dimmed">
        To try a change first:{' '}
        <Button variant="subtle" size="compact-sm" loading={tryHere.isRunning} onClick={tryHere.start}>
          Try it on this computer
        </Button>{' '}
        {tryHere.words}
      </Text>
      {tryHere.problem !== null && <ProblemAlert problem={tryHere.problem} title="The local gateway did not start" />}
    </>
  );
}
