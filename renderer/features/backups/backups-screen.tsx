// Backups: the copy of the fleet from before the first change of each day, and what bringing one back would change.
import { useState } from 'react';
import { Button, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconDatabaseExport, IconDatabaseImport, IconRestore } from '@tabler/icons-react';
import type { Output } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { formatBytes } from '../../components/format-bytes.ts';
import { formatCount } from '../../components/format-time.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { openExportDialog } from './export-dialog.tsx';
import { openImportDialog } from './import-dialog.tsx';
import { RestoreDrawer } from './restore-drawer.tsx';
import classes from './backups.module.css';

type DayBackup = Output<'backup:list'>[number];

/** The screen. */
export function BackupsScreen() {
  const list = useCall('backup:list', {});
  const [day, setDay] = useState<string | null>(null);
  return (
    <>
      <ScreenHeader title="Backups">
        <Button variant="default" leftSection={<IconDatabaseImport size={16} />} onClick={openImportDialog}>
          Import…
        </Button>
        <Button variant="default" leftSection={<IconDatabaseExport size={16} />} onClick={openExportDialog}>
          Export everything…
        </Button>
      </ScreenHeader>
      {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['screen']} role="region" aria-label="All backups" tabIndex={0}>
        <Text c="dimmed" maw={760}>
          Before the first change of a day the fleet is copied on this computer: the last 7 days with changes, then one
          for each of 4 weeks. Private keys and secrets are in a copy only as they lie on the disk, encrypted.
        </Text>
        {list.problem !== null && (
          <ProblemAlert problem={list.problem} title="The backups cannot be read">
            <Button size="xs" variant="default" loading={list.isFetching} onClick={() => void list.reload()}>
              Read them again
            </Button>
          </ProblemAlert>
        )}
        {list.value === undefined && list.problem === null && (
          <Skeleton height={160} aria-label="Reading the backups" />
        )}
        {list.value?.length === 0 && <NothingYet />}
        {list.value !== undefined && list.value.length > 0 && <BackupTable backups={list.value} onRestore={setDay} />}
      </div>
      <RestoreDrawer day={day} onClose={() => setDay(null)} />
    </>
  );
}

function NothingYet() {
  return (
    <Stack gap="xs" maw={640}>
      <Text fw={600}>There is no backup yet</Text>
      <Text c="dimmed">
        The first one is made by itself before the next change of this fleet, when there is something to keep. An export
        holds everything in one encrypted file, for another computer or another place.
      </Text>
    </Stack>
  );
}

type TableProps = { backups: readonly DayBackup[]; onRestore: (day: string) => void };

function BackupTable({ backups, onRestore }: TableProps) {
  return (
    <Table verticalSpacing={4} aria-label="Backups" className={classes['table']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={190}>Before the changes of</Table.Th>
          <Table.Th w={100} ta="right">
            Gateways
          </Table.Th>
          <Table.Th w={100} ta="right">
            Size
          </Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th w={130}>
            <span className={classes['hidden']}>Restore</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {backups.map((backup) => (
          <Table.Tr key={backup.day}>
            <Table.Td>
              {backup.day} <span className={classes['weekday']}>{weekdayOf(backup.day)}</span>
            </Table.Td>
            <Table.Td ta="right">{backup.problem === null ? formatCount(backup.gateways) : ''}</Table.Td>
            <Table.Td ta="right">{formatBytes(backup.bytes)}</Table.Td>
            <Table.Td>
              <State problem={backup.problem} />
            </Table.Td>
            <Table.Td ta="right">
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRestore size={14} />}
                aria-label={`Restore ${backup.day}…`}
                disabled={backup.problem !== null}
                onClick={() => onRestore(backup.day)}
              >
                Restore…
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function State({ problem }: { problem: string | null }) {
  const Icon = problem === null ? IconCheck : IconAlertTriangle;
  return (
    <span className={classes['state']} data-tone={problem === null ? 'well' : 'failed'}>
      <Icon size={16} aria-hidden />
      {problem ?? 'Can be read'}
    </span>
  );
}

/** The day's own name: a backup is of a day here, whatever the zone. */
function weekdayOf(day: string): string {
  return new Date(`${day}T12:00:00`).toLocaleDateString('en-US', { weekday: 'long' });
}
