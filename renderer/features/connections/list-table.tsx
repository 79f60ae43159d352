// The table of one list: only the rows in sight exist, whatever the list's length. One tab stop; arrows move, Space
// marks, Enter edits the note, Delete removes.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { Text } from '@mantine/core';
import type { Selection } from '../../workers/list-protocol.ts';
import { ListHead } from './list-head.tsx';
import { ListRow } from './list-row.tsx';
import { actOnGridKey, positionOf, type GridActs } from '../../components/grid-keys.ts';
import { useVirtualRows, VirtualGrid } from '../../components/virtual-grid.tsx';
import classes from './list-table.module.css';
import { emptySelection, include, isSelected, toggle } from './selection.ts';
import type { AddressListEditing } from './use-address-list.ts';

type Props = {
  editing: AddressListEditing;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  remove: (selection: Selection) => void;
};

/** Chromium draws no element taller than 33,554,432 px: beyond 900,000 rows they get lower. */
const tallestBody = 33_000_000;

/** The head stays in sight within the scrolled part: one element is the grid, scrolls and has the focus. */
const headHeight = 33;

/** The table. */
export function ListTable({ editing, selection, onSelection, remove }: Props) {
  const count = editing.summary?.shown ?? 0;
  const rowHeight = Math.max(20, Math.min(36, Math.floor(tallestBody / Math.max(1, count))));
  const rows = useVirtualRows({ count, rowHeight, headHeight });
  useEffect(() => {
    if (rows.places.length > 0) editing.need(rows.first, rows.last);
  });
  const grid = useGrid({ editing, selection, onSelection, remove, count, reveal: rows.reveal });
  const ids = useMemo(() => new Set(selection.ids), [selection.ids]);
  return (
    <VirtualGrid
      rows={rows}
      className={classes['scroll']}
      label="Entries: arrows move, Space marks, Enter edits the note, Delete removes"
      active={grid.active}
      rowId="entry"
      aria-multiselectable
      onKeyDown={grid.onKeyDown}
      onClick={grid.onClick}
      head={<ListHead {...{ editing, selection, onSelection, count }} />}
      empty={count === 0 && <EmptyList editing={editing} />}
    >
      {({ index, top, height }) => (
        <ListRow
          key={index}
          position={index}
          top={top}
          height={height}
          row={editing.rowAt(index)}
          isActive={index === grid.active}
          isMarked={isSelected(selection.all, ids, editing.rowAt(index)?.id ?? -1)}
          isEdited={index === grid.edited}
          actions={grid.actions}
        />
      )}
    </VirtualGrid>
  );
}

type GridOptions = Props & { count: number; reveal: (row: number) => void };

/** What a row can ask for; one object for all rows and draws, so that rows are drawn only when they change. */
export type RowActions = {
  mark: (position: number, id: number, isRange: boolean) => void;
  edit: (position: number) => void;
  /** `null` leaves the note as it was. */
  finish: (id: number, note: string | null) => void;
  note: (id: number, note: string) => void;
};

function useGrid(options: GridOptions) {
  const [active, setActive] = useState(0);
  const [edited, setEdited] = useState(-1);
  const anchor = useRef(0);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const [actions] = useState<RowActions>(() => ({
    mark(position, id, isRange) {
      const { editing, selection, onSelection } = latest.current;
      setActive(position);
      if (!isRange) onSelection(toggle(selection, id));
      else
        void editing.range(anchor.current, position).then((ids) => onSelection(include(latest.current.selection, ids)));
      anchor.current = position;
    },
    edit(position) {
      setActive(position);
      setEdited(position);
    },
    finish(id, note) {
      setEdited(-1);
      if (note !== null) void latest.current.editing.setNote(id, note);
    },
    note: (id, note) => void latest.current.editing.setNote(id, note),
  }));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return; // a note being edited has its own keys
    const { count, editing, reveal, onSelection } = options;
    const id = editing.rowAt(active)?.id; // undefined: the row is on its way
    const acts: GridActs = {
      move(to) {
        setActive(to);
        reveal(to);
      },
      mark: (row, isRange) => id !== undefined && actions.mark(row, id, isRange),
      markAll: () => onSelection({ all: true, ids: [] }),
      markNone: () => onSelection(emptySelection),
      open: (row) => id !== undefined && actions.edit(row),
      remove() {
        if (id === undefined) return;
        removeMarked(options, id);
        setActive((row) => Math.max(0, Math.min(row, count - 2)));
      },
    };
    actOnGridKey(event, { active, count }, acts);
  };
  /** A click beside a row's controls makes it the active one; on the note it edits; with Shift it marks up to here. */
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const { target } = event;
    if (!(target instanceof Element) || target.closest('input, button') !== null) return;
    const position = positionOf(target);
    if (position === null) return;
    if (event.shiftKey) actions.mark(position, -1, true);
    else if (target.closest('[data-note]') !== null) actions.edit(position);
    else {
      setActive(position);
      anchor.current = position;
    }
  };
  return { active, edited, actions, onKeyDown, onClick };
}

/** Delete removes what is marked, or else the row where one is. */
function removeMarked({ selection, remove }: GridOptions, id: number): void {
  const isNothingMarked = !selection.all && selection.ids.length === 0;
  remove(isNothingMarked ? { all: false, ids: [id] } : selection);
}

function EmptyList({ editing }: { editing: AddressListEditing }) {
  if (editing.summary === null) return <div className={classes['empty']}>Reading the list…</div>;
  const isFiltered = editing.summary.count > 0;
  return (
    <div className={classes['empty']} role="row">
      <div role="gridcell">
        <Text fw={600}>{isFiltered ? 'No entry fits this filter' : 'No entries yet'}</Text>
        <Text c="dimmed" size="sm">
          {isFiltered
            ? 'Clear the filter to see the whole list.'
            : 'Type an address or a network above, paste many lines, drop a file here, or import one.'}
        </Text>
      </div>
    </div>
  );
}
