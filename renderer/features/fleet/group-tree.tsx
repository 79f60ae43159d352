// The groups in the bar on the left: how many gateways, how they stand, and what can be done with a group. Gateways
// dropped on a group move there; a group dropped on a group moves below it.
import { useMemo, useState, type DragEvent, type ReactNode } from 'react';
import { ActionIcon, NavLink, Text } from '@mantine/core';
import { IconAlertTriangle, IconFolder, IconFolderOpen, IconPlus, IconServer2 } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { FleetRow } from '#ipc';
import { refreshCalls, useCall, callGateway } from '../../api/gateway-bridge.ts';
import { formatCount } from '../../components/format-time.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { stateLooks } from '../../components/gateway-state.tsx';
import { groupPath } from '../../components/group-path.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { isDraggedHere, readDragged, writeDraggedGroup } from './dragged.ts';
import type { RowState } from './fleet-facts.ts';
import { countStates, stateWords } from './find-rows.ts';
import { openNewGroupDialog } from './group-dialogs.tsx';
import { GroupMenu } from './group-menu.tsx';
import { treeLines, type TreeLine } from './group-order.ts';
import { moveGateways } from './move-dialog.tsx';
import classes from './group-tree.module.css';

/** A fleet of this size or smaller shows its gateways here too: one click less for most people. */
const gatewaysInBar = 30;

/** The way home, with the whole fleet's tally; gateways dropped here leave their group. */
export function FleetLink() {
  const [location] = useLocation();
  const fleet = useCall('fleet:list', {});
  const rows = fleet.value ?? [];
  return (
    <DropTarget onDrop={(dragged) => void takeDrop(dragged, null)}>
      <NavLink
        href="#/"
        label="Fleet"
        leftSection={<IconServer2 size={16} />}
        rightSection={<Tally states={countStates(rows)} total={rows.length} />}
        active={location === '/' || location === '/add'}
      />
    </DropTarget>
  );
}

/** The groups, and in a small fleet its gateways. */
export function GroupTree() {
  const [location] = useLocation();
  const fleet = useCall('fleet:list', {});
  const groups = useCall('groups:list', {});
  const rows = useMemo(() => fleet.value ?? [], [fleet.value]);
  const lines = useMemo(() => treeLines(groups.value ?? [], rows), [groups.value, rows]);
  const leaves = rows.length <= gatewaysInBar ? rows.filter((row) => row.unreadable === null) : [];
  const grouped = new Set(lines.map(({ group }) => group.name));
  if (rows.length === 0) return null;
  return (
    <>
      <div className={classes['heading']}>
        <Text span>Groups</Text>
        <ActionIcon
          size={22}
          variant="subtle"
          color="gray"
          aria-label="New group"
          title="New group"
          onClick={() => openNewGroupDialog(null)}
        >
          <IconPlus size={14} />
        </ActionIcon>
      </div>
      {lines.map((line) => (
        <div key={line.group.name}>
          <GroupLine line={line} rows={rows} isHere={location === groupPath(line.group.name)} />
          {leaves
            .filter((row) => row.group === line.group.name)
            .map((row) => (
              <Leaf key={row.name} row={row} depth={line.depth + 1} location={location} />
            ))}
        </div>
      ))}
      {leaves
        .filter((row) => row.group === null || !grouped.has(row.group))
        .map((row) => (
          <Leaf key={row.name} row={row} depth={0} location={location} />
        ))}
    </>
  );
}

function GroupLine({ line, rows, isHere }: { line: TreeLine; rows: readonly FleetRow[]; isHere: boolean }) {
  const { group, depth, states, total } = line;
  return (
    <DropTarget onDrop={(dragged) => void takeDrop(dragged, group.name)}>
      <div
        className={classes['line']}
        draggable
        onDragStart={(event) => writeDraggedGroup(event.dataTransfer, group.name)}
      >
        <NavLink
          href={`#${groupPath(group.name)}`}
          draggable={false}
          label={group.name}
          title={group.unreadable ?? describeStates(states)}
          active={isHere}
          pl={8 + depth * 14}
          leftSection={
            group.unreadable !== null ? (
              <IconAlertTriangle size={16} color="var(--tone-red)" aria-label="unreadable file" />
            ) : isHere ? (
              <IconFolderOpen size={16} />
            ) : (
              <IconFolder size={16} />
            )
          }
          rightSection={<Tally states={states} total={total} />}
          classNames={{ label: classes['label'] ?? '', section: classes['section'] ?? '' }}
        />
        <GroupMenu line={line} rows={rows} />
      </div>
    </DropTarget>
  );
}

function Leaf({ row, depth, location }: { row: FleetRow; depth: number; location: string }) {
  const look = stateLooks[row.sight.state];
  return (
    <NavLink
      href={`#${gatewayPath(row.name)}`}
      label={row.name}
      active={location.startsWith(`/gateways/${row.name}/`)}
      pl={8 + depth * 14}
      leftSection={<look.Icon size={16} color={`var(--tone-${look.color})`} />}
      title={`${row.name}: ${look.words}`}
      classNames={{ label: classes['label'] ?? '' }}
    />
  );
}

/** The count, and before it the most urgent state when somebody should look. */
function Tally({ states, total }: { states: { state: RowState; count: number }[]; total: number }) {
  const worst = states[0];
  const needsLook = worst !== undefined && worst.state !== 'in-sync' && worst.state !== 'unknown';
  return (
    <span className={classes['tally']}>
      {needsLook && <WorstMark state={worst.state} />}
      {total === 0 ? '' : formatCount(total)}
    </span>
  );
}

function WorstMark({ state }: { state: RowState }) {
  const look = state === 'unreadable' ? { color: 'red', Icon: IconAlertTriangle } : stateLooks[state];
  return <look.Icon size={13} color={`var(--tone-${look.color})`} aria-label={`some: ${stateWords(state)}`} />;
}

function describeStates(states: { state: RowState; count: number }[]): string {
  return states.length === 0
    ? 'No gateway'
    : states.map(({ state, count }) => `${count} ${stateWords(state)}`).join(', ');
}

type Dragged = ReturnType<typeof readDragged>;

async function takeDrop({ gateways, group }: Dragged, target: string | null): Promise<void> {
  if (gateways.length > 0) return moveGateways(gateways, target);
  if (group === null || group === target) return;
  reportOutcome(await callGateway('groups:move', { name: group, parent: target }));
  await Promise.all([refreshCalls('groups:list'), refreshCalls('fleet:list')]);
}

function DropTarget({ onDrop, children }: { onDrop: (dragged: Dragged) => void; children: ReactNode }) {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    if (!isDraggedHere(event.dataTransfer)) return;
    event.preventDefault(); // says that a drop is welcome
    setOver(true);
  };
  return (
    <div
      className={classes['target']}
      data-over={isOver || undefined}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop(readDragged(event.dataTransfer));
      }}
    >
      {children}
    </div>
  );
}
