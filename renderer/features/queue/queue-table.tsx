// The table of the queue: only rows in sight exist, whatever its length. One tab stop; arrows move, Space marks, Enter
// opens, Delete deletes.
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { QueueEntry } from '#contract/replies';
import { actOnGridKey, positionOf } from '../../components/grid-keys.ts';
import { useNow } from '../../components/use-now.ts';
import { useVirtualRows, VirtualGrid } from '../../components/virtual-grid.tsx';
import { cursorAt, placeOf, type QueueCursor } from './queue-cursor.ts';
import { QueueRow } from './queue-row.tsx';
import type { QueueView } from './use-queue.ts';
import type { RunQueueAction } from './use-queue-acts.tsx';
import classes from './queue.module.css';

type Props = {
  queue: QueueView;
  entries: readonly QueueEntry[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
  run: RunQueueAction;
};

/** The head stays in sight within the scrolled part: one element is the grid, scrolls and has the focus. */
const headHeight = 33;
/** The next page is asked for when so many rows are left below. */
const rowsAhead = 100;

/** The table. */
export function QueueTable(props: Props) {
  const { queue, entries, marked } = props;
  const rows = useVirtualRows({ count: entries.length, headHeight });
  const { first, last } = rows;
  useEffect(() => {
    queue.noteRange(first, last);
    if (queue.hasMore && last >= entries.length - rowsAhead) void queue.loadMore();
  });
  const grid = useGrid(props, rows.reveal);
  const now = useNow(5_000);
  return (
    <VirtualGrid
      rows={rows}
      className={classes['scroll']}
      label="Messages: arrows move, Space marks, Enter opens, Delete deletes"
      active={grid.active}
      rowId="message"
      aria-multiselectable
      onKeyDown={grid.onKeyDown}
      onClick={grid.onClick}
      head={<Head {...props} />}
    >
      {({ index, top }) => {
        const entry = entries[index];
        if (entry === undefined) return null;
        return (
          <QueueRow
            key={entry.id}
            position={index}
            top={top}
            entry={entry}
            now={now}
            isActive={index === grid.active}
            isMarked={marked.has(entry.id)}
          />
        );
      }}
    </VirtualGrid>
  );
}

function useGrid(props: Props, reveal: (row: number) => void) {
  const { entries, marked, onMark, onOpen, run } = props;
  const [cursor, setCursor] = useState<QueueCursor>({ id: null, place: 0 });
  const anchor = useRef(cursor);
  const active = placeOf(cursor, entries);
  const setActive = (position: number): void => setCursor(cursorAt(position, entries));
  const mark = (position: number, isRange: boolean): void => {
    const from = placeOf(anchor.current, entries);
    setActive(position);
    onMark(isRange ? withRange(marked, entries, [from, position]) : turned(marked, entries[position]?.id));
    anchor.current = cursorAt(position, entries);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const id = entries[active]?.id;
    actOnGridKey(
      event,
      { active, count: entries.length },
      {
        move(to) {
          setActive(to);
          reveal(to);
        },
        mark,
        markAll: () => onMark(new Set(idsOf(entries))),
        markNone: () => onMark(new Set()),
        open: () => id !== undefined && onOpen(id),
        remove() {
          if (marked.size > 0) run('remove', idsOf(entries.filter((entry) => marked.has(entry.id))));
          else if (id !== undefined) run('remove', [id]);
        },
      },
    );
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const { target } = event;
    const position = positionOf(target);
    const entry = position === null ? undefined : entries[position];
    if (position === null || entry === undefined || !(target instanceof Element)) return;
    if (target.closest('[data-mark]') !== null) return mark(position, event.shiftKey);
    if (target.closest('[data-restore]') !== null) return run('restore', [entry.id]);
    setActive(position);
    onOpen(entry.id);
  };
  return { active, onKeyDown, onClick };
}

function idsOf(entries: readonly QueueEntry[]): string[] {
  return entries.map(({ id }) => id);
}

function turned(marked: ReadonlySet<string>, id: string | undefined): ReadonlySet<string> {
  const next = new Set(marked);
  if (id !== undefined && !next.delete(id)) next.add(id);
  return next;
}

function withRange(
  marked: ReadonlySet<string>,
  entries: readonly QueueEntry[],
  [from, to]: [number, number],
): ReadonlySet<string> {
  const between = entries.slice(Math.min(from, to), Math.max(from, to) + 1);
  return new Set([...marked, ...between.map(({ id }) => id)]);
}

function Head({ entries, marked, onMark }: Props) {
  const count = entries.filter(({ id }) => marked.has(id)).length;
  const isAll = count > 0 && count === entries.length;
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={classes['headRow']}>
        <div role="columnheader" className={classes['check']}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Mark all"
            checked={isAll}
            ref={(box) => {
              if (box !== null) box.indeterminate = count > 0 && !isAll;
            }}
            onChange={() => onMark(new Set(isAll ? [] : entries.map(({ id }) => id)))}
          />
        </div>
        {heads.map(({ words, name }) => (
          <div key={words} role="columnheader" className={classes[name]}>
            {words}
          </div>
        ))}
      </div>
    </div>
  );
}

const heads = [
  { words: 'Id', name: 'id' },
  { words: 'Age', name: 'number' },
  { words: 'Size', name: 'size' },
  { words: 'Sender', name: 'cell' },
  { words: 'Recipients', name: 'cell' },
  { words: 'State', name: 'cell' },
  { words: 'Tries', name: 'tries' },
  { words: 'Next', name: 'next' },
  { words: 'Last reply', name: 'cell' },
];
