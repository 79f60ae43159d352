// The head of the fleet table: mark everything that matches, sort by a column.
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { VisuallyHidden } from '@mantine/core';
import { fleetColumns, type ColumnId } from './fleet-columns.ts';
import type { FleetTableProps } from './fleet-table.tsx';
import classes from './fleet-table.module.css';

type Props = FleetTableProps & { shown: readonly ColumnId[]; template: string };

/** One row that stays in sight. */
export function FleetHead({ rows, sort, onSort, marked, onMark, shown, template }: Props) {
  const readable = rows.filter((row) => row.unreadable === null);
  const count = readable.filter(({ name }) => marked.has(name)).length;
  const isAll = count > 0 && count === readable.length;
  return (
    <div className={classes['head']} role="rowgroup">
      <div role="row" aria-rowindex={1} className={classes['headRow']} style={{ gridTemplateColumns: template }}>
        <div role="columnheader" className={classes['check']}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select all that match"
            checked={isAll}
            ref={(box) => {
              if (box !== null) box.indeterminate = count > 0 && !isAll;
            }}
            onChange={() => onMark(new Set(isAll ? [] : readable.map(({ name }) => name)))}
          />
        </div>
        {fleetColumns
          .filter(({ id }) => shown.includes(id))
          .map(({ id, label }) => {
            const isSorted = sort.column === id;
            const direction = sort.isDescending ? 'descending' : 'ascending';
            const Arrow = sort.isDescending ? IconArrowDown : IconArrowUp;
            return (
              <div
                key={id}
                role="columnheader"
                className={classes[id]}
                {...(isSorted ? { 'aria-sort': direction } : {})}
              >
                <button
                  type="button"
                  className={classes['sorter']}
                  data-sorted={isSorted || undefined}
                  title={`Sort by ${label.toLowerCase()}`}
                  onClick={() => onSort(id)}
                >
                  {label}
                  {isSorted && <Arrow size={13} aria-hidden />}
                </button>
              </div>
            );
          })}
        <div role="columnheader">
          <VisuallyHidden>Actions</VisuallyHidden>
        </div>
      </div>
    </div>
  );
}
