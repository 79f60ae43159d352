// The table of the fleet: only rows in sight exist. One tab stop; arrows move, Shift with arrows extends, Space marks,
// Enter opens, the menu key shows what can be done.
import { useEffect, useState, type Ref } from 'react';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import type { FleetRow } from '#ipc';
import { useNow } from '../../components/use-now.ts';
import { useVirtualRows, VirtualGrid } from '../../components/virtual-grid.tsx';
import { columnTemplate, fitColumns, type ColumnId } from './fleet-columns.ts';
import { FleetHead } from './fleet-head.tsx';
import { FleetRowLine } from './fleet-row.tsx';
import type { FleetSort } from './find-rows.ts';
import { RowMenu, type MenuPlace } from './row-menu.tsx';
import { useFleetGrid } from './use-fleet-grid.ts';
import classes from './fleet-table.module.css';

export type FleetTableProps = {
  ref: Ref<HTMLDivElement>;
  /** What the filters left, in the order of the sort. */
  rows: readonly FleetRow[];
  columns: readonly ColumnId[];
  sort: FleetSort;
  onSort: (column: ColumnId) => void;
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onReview: (names: string[]) => void;
  /** Chosen, but not shown: the window is too narrow. */
  onHidden: (columns: readonly ColumnId[]) => void;
};

/** The head stays in sight within the scrolled part: one element is the grid, scrolls and has the focus. */
const headHeight = 34;

/** The table. */
export function FleetTable(props: FleetTableProps) {
  const { ref, rows, columns, marked, onHidden } = props;
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const merged = useMergedRef(ref, sized);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const virtual = useVirtualRows({ count: rows.length, headHeight, overscan: 6 });
  const grid = useFleetGrid(props, { reveal: virtual.reveal, openMenu: setMenu });
  const now = useNow(10_000);
  const shown = fitColumns(columns, width === 0 ? window.innerWidth : width);
  const template = columnTemplate(shown);
  const hidden = columns.filter((column) => !shown.includes(column)).join(' ');
  useEffect(() => {
    onHidden(hidden === '' ? [] : (hidden.split(' ') as ColumnId[]));
  }, [hidden, onHidden]);
  return (
    <>
      <VirtualGrid
        ref={merged}
        rows={virtual}
        className={classes['scroll']}
        label="Fleet: arrows move, Space selects, Enter opens"
        active={grid.active}
        rowId="gateway-row"
        aria-multiselectable
        onKeyDown={grid.onKeyDown}
        onClick={grid.onClick}
        onContextMenu={grid.onContextMenu}
        onDragStart={grid.onDragStart}
        head={<FleetHead {...props} shown={shown} template={template} />}
      >
        {({ index, top }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <FleetRowLine
              key={row.name}
              row={row}
              position={index}
              top={top}
              template={template}
              columns={shown}
              now={now}
              isActive={index === grid.active}
              isMarked={marked.has(row.name)}
            />
          );
        }}
      </VirtualGrid>
      <RowMenu
        place={menu}
        rows={rows}
        onReview={props.onReview}
        onClose={() => {
          setMenu(null);
          virtual.scroll.current?.focus({ preventScroll: true });
        }}
      />
    </>
  );
}
