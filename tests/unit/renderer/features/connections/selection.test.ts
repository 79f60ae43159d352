// Marked rows, with "all" as a word.
import { describe, expect, it } from 'vitest';
import {
  countSelected,
  emptySelection,
  include,
  isSelected,
  toggle,
} from '../../../../../renderer/features/connections/selection.ts';

describe('toggle', () => {
  it('marks and unmarks one row', () => {
    const marked = toggle(emptySelection, 7);

    expect(countSelected(marked, 10)).toBe(1);
    expect(countSelected(toggle(marked, 7), 10)).toBe(0);
  });

  it('takes one row out of all', () => {
    const butSeven = toggle({ all: true, ids: [] }, 7);

    expect(countSelected(butSeven, 1_000_000)).toBe(999_999);
    expect(isSelected(butSeven.all, new Set(butSeven.ids), 7)).toBe(false);
    expect(isSelected(butSeven.all, new Set(butSeven.ids), 8)).toBe(true);
  });
});

describe('include', () => {
  it('adds a range without marking a row twice', () => {
    expect(include({ all: false, ids: [1, 2] }, [2, 3])).toEqual({ all: false, ids: [1, 2, 3] });
  });

  it('takes exceptions back when all is marked', () => {
    expect(include({ all: true, ids: [1, 2] }, [2, 3])).toEqual({ all: true, ids: [1] });
  });
});
