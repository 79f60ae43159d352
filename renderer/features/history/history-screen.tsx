// History: every save of this fleet folder, what it changed, and the way back to it.
import { useState, type ReactNode } from 'react';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowsDiff, IconClockQuestion } from '@tabler/icons-react';
import type { HistoryEntry } from '#ipc';
import type { Scope } from '#contract/scope';
import { useCall } from '../../api/gateway-bridge.ts';
import { goTo } from '../../components/guarded-location.ts';
import { historyPath } from '../../components/history-path.ts';
import { Mono } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { scopeInWords } from '../../components/scope-editing.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { pairOf } from './compare-marks.ts';
import { HistoryDrawer, type Opened } from './history-drawer.tsx';
import { useHistoryPages } from './history-pages.ts';
import { HistoryTable } from './history-table.tsx';
import { ScopeSelect } from './scope-select.tsx';
import classes from './history.module.css';

type Props = {
  /** null: everything. The same object while the screen is open. */
  scope: Scope | null;
  /** How the folder is shared with a team. */
  sharing: ReactNode;
};

/** The screen of all saves, or of those that touched one scope. */
export function HistoryScreen({ scope, sharing }: Props) {
  const pages = useHistoryPages(scope);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [marked, setMarked] = useState<readonly string[]>([]);
  const entries = pages.entries ?? [];
  const compare = (active: HistoryEntry | null): void => {
    const pair = pairOf(entries, marked, active);
    if (pair !== null) setOpened({ kind: 'compare', pair });
  };
  const move = (by: 1 | -1): void => {
    if (opened?.kind !== 'save') return;
    const entry = entries[entries.findIndex(({ commit }) => commit === opened.entry.commit) + by];
    if (entry !== undefined) setOpened({ kind: 'save', entry });
  };
  return (
    <>
      <ScreenHeader title="History">
        {sharing}
        <Button
          variant="default"
          leftSection={<IconClockQuestion size={16} />}
          onClick={() => setOpened({ kind: 'ran' })}
        >
          What ran when…
        </Button>
      </ScreenHeader>
      <div className={classes['screen']}>
        <Tools
          scope={scope}
          marked={marked}
          canMark={entries.length > 1}
          onClear={() => setMarked([])}
          onCompare={() => compare(null)}
        />
        {pages.problem !== null && (
          <ProblemAlert problem={pages.problem} title="The history cannot be read">
            <Button size="xs" variant="default" loading={pages.isFetching} onClick={() => void pages.reload()}>
              Read it again
            </Button>
          </ProblemAlert>
        )}
        {pages.entries === null && pages.problem === null && (
          <Skeleton height={160} mx="lg" aria-label="Reading the history" />
        )}
        {pages.entries?.length === 0 && <NothingYet scope={scope} isLooking={pages.hasMore} />}
        {(entries.length > 0 || pages.hasMore) && (
          <HistoryTable
            pages={pages}
            entries={entries}
            marked={marked}
            onMark={setMarked}
            onOpen={(entry) => setOpened({ kind: 'save', entry })}
            onCompare={compare}
          />
        )}
        {entries.length > 0 && <Foot pages={pages} />}
      </div>
      <HistoryDrawer opened={opened} scope={scope} onOpen={setOpened} onClose={() => setOpened(null)} onMove={move} />
    </>
  );
}

type ToolsProps = {
  scope: Scope | null;
  marked: readonly string[];
  canMark: boolean;
  onClear: () => void;
  onCompare: () => void;
};

function Tools({ scope, marked, canMark, onClear, onCompare }: ToolsProps) {
  return (
    <div className={classes['tools']}>
      <ScopeSelect
        label="Saves of"
        everything="Everything"
        value={scope}
        onChange={(next) => goTo(historyPath(next))}
      />
      <Group gap="xs" role="status">
        {marked.length === 0 ? (
          canMark && <Text c="dimmed">Mark two saves to compare them.</Text>
        ) : (
          <>
            <Text>{marked.length === 1 ? '1 marked; mark another, or' : '2 marked'}</Text>
            <Button size="xs" leftSection={<IconArrowsDiff size={16} />} onClick={onCompare}>
              {marked.length === 1 ? 'Compare with now' : 'Compare'}
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
              Clear
            </Button>
          </>
        )}
      </Group>
    </div>
  );
}

function NothingYet({ scope, isLooking }: { scope: Scope | null; isLooking: boolean }) {
  if (isLooking) return <Text px="lg">No save among the newest; looking further back…</Text>;
  return (
    <Stack gap="xs" className={classes['empty']}>
      <Text fw={600}>
        {scope === null ? 'History begins with the first save' : `No save touched ${scopeInWords(scope)} yet`}
      </Text>
      <Text c="dimmed">
        Every save of a setting, a list or a group is kept with who made it and when. Any two can be compared, and a
        gateway, a group or the whole fleet can be brought back to any of them.
      </Text>
    </Stack>
  );
}

/** The folder is a git repository like any other, and says so to those who would rather type. */
function Foot({ pages }: { pages: ReturnType<typeof useHistoryPages> }) {
  const info = useCall('app:info', {});
  const folder = info.value?.fleetFolder;
  const count = pages.entries?.length ?? 0;
  const shown = count === 1 ? '1 save' : `${count.toLocaleString('en-US')} saves`;
  return (
    <Group className={classes['foot']} justify="space-between" wrap="nowrap" gap="lg">
      <Text c="dimmed" className={classes['count']}>
        {pages.hasMore ? `${shown} so far` : shown}
      </Text>
      {folder !== undefined && (
        <Group gap={6} wrap="nowrap" className={classes['git']} c="dimmed">
          <span className={classes['count']}>It is a git history:</span>
          <Mono name="command" copies={`git -C '${folder}' log`}>
            {`git -C ${folder} log`}
          </Mono>
        </Group>
      )}
    </Group>
  );
}
