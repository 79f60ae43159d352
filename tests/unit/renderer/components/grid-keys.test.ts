// The keys of the table.
import { describe, expect, it } from 'vitest';
import { actOnGridKey, readGridKey } from '../../../../renderer/components/grid-keys.ts';

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

describe('actOnGridKey', () => {
  function pressed(key: string, { count = 10, hasRemove = true } = {}) {
    const called: unknown[][] = [];
    const note =
      (name: string) =>
      (...args: unknown[]): void =>
        void called.push([name, ...args]);
    const [move, mark, markAll] = [note('move'), note('mark'), note('markAll')];
    const [markNone, open, remove] = [note('markNone'), note('open'), note('remove')];
    const acts = { move, mark, markAll, markNone, open, ...(hasRemove ? { remove } : {}) };
    let isTaken = false;
    const preventDefault = (): void => void (isTaken = true);
    const event = { key, ctrlKey: false, metaKey: false, shiftKey: false, preventDefault };
    actOnGridKey(event, { active: 3, count }, acts);
    return { called, isTaken };
  }

  it('does one thing for each key, with the active row', () => {
    expect(pressed('ArrowDown')).toEqual({ called: [['move', 4]], isTaken: true });
    expect(pressed('End')).toEqual({ called: [['move', 9]], isTaken: true });
    expect(pressed(' ')).toEqual({ called: [['mark', 3, false]], isTaken: true });
    expect(pressed('Enter')).toEqual({ called: [['open', 3]], isTaken: true });
    expect(pressed('Delete')).toEqual({ called: [['remove', 3]], isTaken: true });
    expect(pressed('Escape')).toEqual({ called: [['markNone']], isTaken: true });
  });

  it('leaves keys alone in an empty table, and Delete where nothing can be removed', () => {
    const nothing = { called: [], isTaken: false };
    expect(pressed('ArrowDown', { count: 0 })).toEqual(nothing);
    expect(pressed('Delete', { hasRemove: false })).toEqual(nothing);
    expect(pressed('x')).toEqual(nothing);
  });
});
