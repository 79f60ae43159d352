// How the operator looks at the fleet: filters live as long as the window, sort and columns stay for good.
import { useCallback, useState } from 'react';
import { z } from 'zod';
import { fleetColumns, usualColumns, type ColumnId } from './fleet-columns.ts';
import { noFilter, type FleetFilter, type FleetSort } from './find-rows.ts';

const storageKey = 'postern.fleet.view';

const columnIds = fleetColumns.map(({ id }) => id) as [ColumnId, ...ColumnId[]];
const StoredView = z.object({
  sort: z.object({ column: z.enum(columnIds), isDescending: z.boolean() }),
  columns: z.array(z.enum(columnIds)),
});
type StoredView = z.infer<typeof StoredView>;

const usualView: StoredView = { sort: { column: 'name', isDescending: false }, columns: usualColumns };

/** A view that another version wrote, or none, is the usual one. */
function loadView(): StoredView {
  try {
    return StoredView.parse(JSON.parse(localStorage.getItem(storageKey) ?? ''));
  } catch {
    return usualView;
  }
}

let lastFilter = noFilter;

export type FleetView = {
  filter: FleetFilter;
  sort: FleetSort;
  columns: readonly ColumnId[];
  narrow: (change: Partial<FleetFilter>) => void;
  /** Up, down, and back to the names. */
  sortBy: (column: ColumnId) => void;
  choose: (columns: ColumnId[]) => void;
};

/** The view and what changes it. */
export function useFleetView(): FleetView {
  const [filter, setFilter] = useState(lastFilter);
  const [stored, setStored] = useState(loadView);
  const narrow = useCallback((change: Partial<FleetFilter>) => {
    setFilter((old) => (lastFilter = { ...old, ...change }));
  }, []);
  const store = useCallback((change: Partial<StoredView>) => {
    setStored((old) => {
      const next = { ...old, ...change };
      localStorage.setItem(storageKey, JSON.stringify(next));
      return next;
    });
  }, []);
  const sortBy = useCallback(
    (column: ColumnId) => {
      const { sort } = stored;
      if (sort.column !== column) return store({ sort: { column, isDescending: false } });
      store({ sort: sort.isDescending ? usualView.sort : { column, isDescending: true } });
    },
    [stored, store],
  );
  const choose = useCallback((columns: ColumnId[]) => store({ columns }), [store]);
  return { filter, sort: stored.sort, columns: stored.columns, narrow, sortBy, choose };
}
