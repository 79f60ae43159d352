// The keys of tables, apart from what each table does for them.

/** What a key means in the table; null: nothing. */
export type GridKey =
  | { kind: 'move'; by: number | 'start' | 'end' }
  | { kind: 'mark'; isRange: boolean }
  | { kind: 'all' | 'none' | 'edit' | 'remove' };

type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean };

const pageRows = 5;

/** Reads one key. */
export function readGridKey({ key, ctrlKey, metaKey, shiftKey }: Pressed): GridKey | null {
  if (ctrlKey || metaKey) return key.toLowerCase() === 'a' ? { kind: 'all' } : null;
  switch (key) {
    case 'ArrowDown':
      return { kind: 'move', by: 1 };
    case 'ArrowUp':
      return { kind: 'move', by: -1 };
    case 'PageDown':
      return { kind: 'move', by: pageRows };
    case 'PageUp':
      return { kind: 'move', by: -pageRows };
    case 'Home':
      return { kind: 'move', by: 'start' };
    case 'End':
      return { kind: 'move', by: 'end' };
    case ' ':
      return { kind: 'mark', isRange: shiftKey };
    case 'Enter':
    case 'F2':
      return { kind: 'edit' };
    case 'Delete':
    case 'Backspace':
      return { kind: 'remove' };
    case 'Escape':
      return { kind: 'none' };
    default:
      return null;
  }
}

/** The row that a move leads to, within the table. */
export function moveTarget(by: number | 'start' | 'end', active: number, count: number): number {
  const wish = by === 'start' ? 0 : by === 'end' ? count - 1 : active + by;
  return Math.max(0, Math.min(count - 1, wish));
}

/** What a table does; `open` and `remove` are of the row that is active. */
export type GridActs = {
  move: (to: number) => void;
  mark: (row: number, isRange: boolean) => void;
  markAll: () => void;
  markNone: () => void;
  open: (row: number) => void;
  /** Without it Delete is nobody's. */
  remove?: (row: number) => void;
};

type Place = { active: number; count: number };

/** Does what the key means; one that means nothing here is left alone. */
export function actOnGridKey(
  event: Pressed & { preventDefault: () => void },
  { active, count }: Place,
  acts: GridActs,
): void {
  const key = readGridKey(event);
  if (key === null || count === 0 || (key.kind === 'remove' && acts.remove === undefined)) return;
  event.preventDefault();
  switch (key.kind) {
    case 'move':
      return acts.move(moveTarget(key.by, active, count));
    case 'mark':
      return acts.mark(active, key.isRange);
    case 'all':
      return acts.markAll();
    case 'none':
      return acts.markNone();
    case 'edit':
      return acts.open(active);
    case 'remove':
      return acts.remove?.(active);
  }
}

/** The position of the row that an event happened in; null: beside the rows. */
export function positionOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-position]') : null;
  return row === null ? null : Number(row.dataset['position']);
}
