// The table's keys, apart from what they do.

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
