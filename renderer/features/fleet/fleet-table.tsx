// The table of the fleet: only rows in sight exist. One tab stop; arrows move, Shift with arrows extends, Space marks,
// Enter opens, the menu key shows what can be done.
import { useEffect, useRef, useState, type Ref } from 'react';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { FleetRow } from '#ipc';
import { useNow } from '../../components/use-now.ts';
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

const rowHeight = 36;
/** The head stays in sight within the scrolled part: one element is the grid, scrolls and has the focus. */
const headHeight = 34;

/** The table. */
export function FleetTable(props: FleetTableProps) {
  const { ref, rows, columns, marked, onHidden } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const merged = useMergedRef(ref, scroll, sized);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    useFlushSync: false,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const grid = useFleetGrid(props, { reveal: (row) => virtual.scrollToIndex(row), openMenu: setMenu });
  const now = useNow(10_000);
  const shown = fitColumns(columns, width === 0 ? window.innerWidth : width);
  const template = columnTemplate(shown);
  const hidden = columns.filter((column) => !shown.includes(column)).join(' ');
  useEffect(() => {
    onHidden(hidden === '' ? [] : (hidden.split(' ') as ColumnId[]));
  }, [hidden, onHidden]);
  const items = virtual.getVirtualItems();
  return (
    <div
      ref={merged}
      className={classes['scroll']}
      role="grid"
      tabIndex={0}
      aria-label="Fleet: arrows move, Space selects, Enter opens"
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      onKeyDown={grid.onKeyDown}
      onClick={grid.onClick}
      onContextMenu={grid.onContextMenu}
      onDragStart={grid.onDragStart}
      {...(items.some(({ index }) => index === grid.active)
        ? { 'aria-activedescendant': `gateway-row-${grid.active}` }
        : {})}
    >
      <FleetHead {...props} shown={shown} template={template} />
      <div className={classes['body']} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <FleetRowLine
              key={row.name}
              row={row}
              position={item.index}
              top={item.start - headHeight}
              template={template}
              columns={shown}
              now={now}
              isActive={item.index === grid.active}
              isMarked={marked.has(row.name)}
            />
          );
        })}
      </div>
      <RowMenu
        place={menu}
        rows={rows}
        onReview={props.onReview}
        onClose={() => {
          setMenu(null);
          scroll.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}
