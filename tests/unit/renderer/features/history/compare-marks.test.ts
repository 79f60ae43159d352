import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../../../electron/ipc/contract.ts';
import { marksWith, pairOf } from '../../../../../renderer/features/history/compare-marks.ts';

const entry = (commit: string): HistoryEntry => ({
  commit,
  parent: null,
  at: '2026-01-01T00:00:00Z',
  author: 'ada',
  words: commit,
  body: '',
  scopes: [],
});
const [newest, middle, oldest] = [entry('c3'), entry('c2'), entry('c1')];
const entries = [newest, middle, oldest];

describe('marksWith', () => {
  it('keeps two marks: a third takes the place of the first, a second press takes one away', () => {
    expect(marksWith(['c1'], 'c2')).toEqual(['c1', 'c2']);
    expect(marksWith(['c1', 'c2'], 'c3')).toEqual(['c2', 'c3']);
    expect(marksWith(['c1', 'c2'], 'c1')).toEqual(['c2']);
  });
});

describe('pairOf', () => {
  it('goes from the older save to the newer one, whichever was marked first', () => {
    expect(pairOf(entries, ['c3', 'c1'], middle)).toEqual({ from: oldest, to: newest });
    expect(pairOf(entries, ['c1', 'c3'], null)).toEqual({ from: oldest, to: newest });
  });

  it('takes the active save beside a single mark', () => {
    expect(pairOf(entries, ['c3'], oldest)).toEqual({ from: oldest, to: newest });
  });

  it('compares a single save with what is saved now', () => {
    expect(pairOf(entries, [], middle)).toEqual({ from: middle, to: null });
    expect(pairOf(entries, ['c2'], middle)).toEqual({ from: middle, to: null });
  });

  it('knows no pair where nothing is marked or active', () => {
    expect(pairOf(entries, [], null)).toBeNull();
    expect(pairOf([], ['c1'], null)).toBeNull();
  });
});
