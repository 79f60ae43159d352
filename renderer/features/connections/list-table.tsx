// The table of one list: only the rows in sight exist, whatever the list's length. One tab stop; arrows move, Space
// marks, Enter edits the note, Delete removes.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Text } from '@mantine/core';
import type { Selection } from '../../workers/list-protocol.ts';
import { ListHead } from './list-head.tsx';
import { ListRow } from './list-row.tsx';
import { readGridKey } from '../../components/grid-keys.ts';
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
  const scroll = useRef<HTMLDivElement>(null);
  const count = editing.summary?.shown ?? 0;
  const rowHeight = Math.max(20, Math.min(36, Math.floor(tallestBody / Math.max(1, count))));
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    useFlushSync: false,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const items = virtual.getVirtualItems();
  useEffect(() => {
    const [first, last] = [items[0], items.at(-1)];
    if (first !== undefined && last !== undefined) editing.need(first.index, last.index);
  });
  const grid = useGrid({ editing, selection, onSelection, remove, count, reveal: (row) => virtual.scrollToIndex(row) });
  const ids = useMemo(() => new Set(selection.ids), [selection.ids]);
  return (
    <div
      ref={scroll}
      className={classes['scroll']}
      role="grid"
      tabIndex={0}
      aria-label="Entries: arrows move, Space marks, Enter edits the note, Delete removes"
      aria-rowcount={count + 1}
      aria-multiselectable
      onKeyDown={grid.onKeyDown}
      onClick={grid.onClick}
      {...(items.some((item) => item.index === grid.active) ? { 'aria-activedescendant': `entry-${grid.active}` } : {})}
    >
      <ListHead {...{ editing, selection, onSelection, count }} />
      {count === 0 && <EmptyList editing={editing} />}
      <div className={classes['body']} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <ListRow
            key={item.key}
            position={item.index}
            top={item.start - headHeight}
            height={item.size}
            row={editing.rowAt(item.index)}
            isActive={item.index === grid.active}
            isMarked={isSelected(selection.all, ids, editing.rowAt(item.index)?.id ?? -1)}
            isEdited={item.index === grid.edited}
            actions={grid.actions}
          />
        ))}
      </div>
    </div>
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
  const move = (to: number): void => {
    const row = Math.max(0, Math.min(options.count - 1, to));
    setActive(row);
    options.reveal(row);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return; // a note being edited has its own keys
    const key = readGridKey(event);
    if (key === null || options.count === 0) return;
    event.preventDefault();
    const id = options.editing.rowAt(active)?.id;
    if (key.kind === 'move') move(key.by === 'start' ? 0 : key.by === 'end' ? options.count - 1 : active + key.by);
    else if (key.kind === 'all') options.onSelection({ all: true, ids: [] });
    else if (key.kind === 'none') options.onSelection(emptySelection);
    else if (id === undefined) return;
    else if (key.kind === 'mark') actions.mark(active, id, key.isRange);
    else if (key.kind === 'edit') actions.edit(active);
    else removeMarked(options, id);
    if (key.kind === 'remove') setActive((row) => Math.max(0, Math.min(row, options.count - 2)));
  };
  /** A click beside a row's controls makes it the active one; on the note it edits; with Shift it marks up to here. */
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const { target } = event;
    if (!(target instanceof Element) || target.closest('input, button') !== null) return;
    const position = Number(target.closest<HTMLElement>('[data-position]')?.dataset['position'] ?? -1);
    if (position < 0) return;
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
