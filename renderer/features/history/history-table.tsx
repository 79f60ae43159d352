// The table of saves: only rows in sight exist. One tab stop; j and k or the arrows move, Space marks, Enter opens, c
// compares.
import { useEffect, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { VisuallyHidden } from '@mantine/core';
import type { HistoryEntry } from '#ipc';
import { moveTarget, positionOf, readGridKey } from '../../components/grid-keys.ts';
import { useNow } from '../../components/use-now.ts';
import { useVirtualRows, VirtualGrid } from '../../components/virtual-grid.tsx';
import { HistoryRow } from './history-row.tsx';
import { marksWith } from './compare-marks.ts';
import type { HistoryPages } from './history-pages.ts';
import classes from './history.module.css';

type Props = {
  pages: HistoryPages;
  entries: readonly HistoryEntry[];
  /** Commits, the one marked last at the end; two at most. */
  marked: readonly string[];
  onMark: (marked: readonly string[]) => void;
  onOpen: (entry: HistoryEntry) => void;
  onCompare: (active: HistoryEntry) => void;
};

const headHeight = 33;
/** The next page is asked for when so many rows are left below. */
const rowsAhead = 60;

/** The table. */
export function HistoryTable(props: Props) {
  const { pages, entries, marked } = props;
  const rows = useVirtualRows({ count: entries.length, headHeight });
  const now = useNow(10_000);
  const grid = useGrid(props, rows.reveal);
  const wantsMore = pages.hasMore && pages.problem === null && rows.last >= entries.length - rowsAhead;
  useEffect(() => {
    if (wantsMore) void pages.loadMore();
  });
  return (
    <VirtualGrid
      rows={rows}
      className={classes['scroll']}
      label="Saves: arrows or j and k move, Space marks, Enter opens, c compares"
      active={grid.active}
      rowId="save"
      aria-multiselectable
      onKeyDown={grid.onKeyDown}
      onClick={grid.onClick}
      head={<Head />}
    >
      {({ index, top }) => {
        const entry = entries[index];
        if (entry === undefined) return null;
        return (
          <HistoryRow
            key={entry.commit}
            entry={entry}
            position={index}
            top={top}
            now={now}
            isActive={index === grid.active}
            isMarked={marked.includes(entry.commit)}
          />
        );
      }}
    </VirtualGrid>
  );
}

const letters: Record<string, string> = { j: 'ArrowDown', k: 'ArrowUp' };

function useGrid({ entries, marked, onMark, onOpen, onCompare }: Props, reveal: (row: number) => void) {
  // By its commit: a save that somebody makes meanwhile moves the rows, not the operator.
  const [activeCommit, setActiveCommit] = useState<string | null>(null);
  const active = Math.max(
    0,
    entries.findIndex(({ commit }) => commit === activeCommit),
  );
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const entry = entries[active];
    if (entry === undefined || event.altKey) return;
    const { ctrlKey, metaKey, shiftKey } = event;
    const key = readGridKey({ key: letters[event.key] ?? event.key, ctrlKey, metaKey, shiftKey });
    const isCompare = event.key === 'c' && !ctrlKey && !metaKey;
    if (key?.kind === 'move') {
      const to = moveTarget(key.by, active, entries.length);
      setActiveCommit(entries[to]?.commit ?? null);
      reveal(to);
    } else if (key?.kind === 'mark') onMark(marksWith(marked, entry.commit));
    else if (key?.kind === 'edit') onOpen(entry);
    else if (key?.kind === 'none' && marked.length > 0) onMark([]);
    else if (isCompare) onCompare(entry);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const position = positionOf(event.target);
    const entry = position === null ? undefined : entries[position];
    if (position === null || entry === undefined || !(event.target instanceof Element)) return;
    setActiveCommit(entry.commit);
    const isMark = event.target.closest('[data-mark]') !== null || event.ctrlKey || event.metaKey;
    if (isMark) onMark(marksWith(marked, entry.commit));
    else onOpen(entry);
  };
  return { active, onKeyDown, onClick };
}

const heads = [
  { words: 'When', name: 'when' },
  { words: 'Who', name: 'who' },
  { words: 'What was saved', name: 'words' },
  { words: 'Whom it touched', name: 'whom' },
  { words: 'Commit', name: 'commit' },
] as const;

function Head() {
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={classes['headRow']}>
        <div role="columnheader">
          <VisuallyHidden>Marked to compare</VisuallyHidden>
        </div>
        {heads.map(({ words, name }) => (
          <div key={name} role="columnheader" className={classes[name]}>
            {words}
          </div>
        ))}
      </div>
    </div>
  );
}
