// Which rows are marked. "All" is kept as a word with its exceptions, so that marking a million rows costs nothing.
import type { Selection } from '../../workers/list-protocol.ts';

/** Nothing is marked. */
export const emptySelection: Selection = { all: false, ids: [] };

/** Whether one row is marked; `ids` is the selection's set, made once per draw. */
export function isSelected(all: boolean, ids: ReadonlySet<number>, id: number): boolean {
  return ids.has(id) !== all;
}

/** The selection with one row turned over. */
export function toggle(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { all: selection.all, ids: [...ids] };
}

/** The selection with these rows marked too. */
export function include(selection: Selection, more: readonly number[]): Selection {
  if (!selection.all) return { all: false, ids: [...new Set([...selection.ids, ...more])] };
  const marked = new Set(more);
  return { all: true, ids: selection.ids.filter((id) => !marked.has(id)) };
}

/** How many of the rows shown are marked. */
export function countSelected(selection: Selection, shown: number): number {
  return selection.all ? Math.max(0, shown - selection.ids.length) : selection.ids.length;
}
