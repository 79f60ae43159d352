// The table's head: marks all, sorts by a column, back to the list's own order on the third press.
import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ListView, Selection, SortKey } from '../../workers/list-protocol.ts';
import classes from './list-table.module.css';
import { countSelected, emptySelection } from './selection.ts';
import type { AddressListEditing } from './use-address-list.ts';

type Props = {
  editing: AddressListEditing;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  count: number;
};

/** One row of column heads. */
export function ListHead({ editing, selection, onSelection, count }: Props) {
  const marked = countSelected(selection, count);
  const sort = (key: SortKey): void => {
    editing.setView(nextView(editing.view, key));
  };
  return (
    <div role="rowgroup">
      <div className={classes['headRow']} role="row" aria-rowindex={1}>
        <div className={classes['check']} role="columnheader">
          <Checkbox
            size="xs"
            aria-label="Mark all entries shown"
            checked={count > 0 && marked === count}
            indeterminate={marked > 0 && marked < count}
            disabled={count === 0}
            onChange={() => onSelection(marked === count ? emptySelection : { all: true, ids: [] })}
          />
        </div>
        <HeadCell {...{ sort, view: editing.view }} column="entry" label="Entry" />
        <HeadCell {...{ sort, view: editing.view }} column="size" label="Covers" isEnd />
        <HeadCell {...{ sort, view: editing.view }} column="note" label="Note" />
        <HeadCell {...{ sort, view: editing.view }} column="covered" label="Covered by" />
      </div>
    </div>
  );
}

type CellProps = { column: SortKey; label: string; view: ListView; sort: (key: SortKey) => void; isEnd?: boolean };

function HeadCell({ column, label, view, sort, isEnd = false }: CellProps) {
  const isSorted = view.sort === column;
  const Arrow = view.descending ? IconArrowDown : IconArrowUp;
  return (
    <div role="columnheader" aria-sort={isSorted ? (view.descending ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton className={classes[isEnd ? 'sortEnd' : 'sort'] ?? ''} onClick={() => sort(column)}>
        {label}
        {isSorted && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </div>
  );
}

function nextView(view: ListView, key: SortKey): ListView {
  if (view.sort !== key) return { ...view, sort: key, descending: false };
  return view.descending ? { ...view, sort: 'order', descending: false } : { ...view, descending: true };
}
