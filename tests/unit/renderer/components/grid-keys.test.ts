// The keys of the table.
import { describe, expect, it } from 'vitest';
import { readGridKey } from '../../../../renderer/components/grid-keys.ts';

const press = (key: string, held: { ctrlKey?: boolean; shiftKey?: boolean; metaKey?: boolean } = {}) =>
  readGridKey({ key, ctrlKey: false, metaKey: false, shiftKey: false, ...held });

describe('readGridKey', () => {
  it('moves by arrows, page and ends', () => {
    expect(press('ArrowDown')).toEqual({ kind: 'move', by: 1 });
    expect(press('PageUp')).toEqual({ kind: 'move', by: -5 });
    expect(press('End')).toEqual({ kind: 'move', by: 'end' });
  });

  it('marks by Space, a range with Shift, all with Ctrl or Command and A', () => {
    expect(press(' ')).toEqual({ kind: 'mark', isRange: false });
    expect(press(' ', { shiftKey: true })).toEqual({ kind: 'mark', isRange: true });
    expect(press('a', { ctrlKey: true })).toEqual({ kind: 'all' });
    expect(press('A', { metaKey: true })).toEqual({ kind: 'all' });
  });

  it('leaves every other shortcut alone', () => {
    expect(press('s', { ctrlKey: true })).toBeNull();
    expect(press('z', { ctrlKey: true })).toBeNull();
    expect(press('/')).toBeNull();
  });
});
