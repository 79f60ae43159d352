import { describe, expect, it } from 'vitest';
import { createRecentValues } from '../../../../electron/store/recent-values.ts';

describe('createRecentValues', () => {
  it('forgets the least recently used first when the room is full', () => {
    const recent = createRecentValues<string>(10);
    recent.set('a', 'A', 4);
    recent.set('b', 'B', 4);
    recent.get('a');

    recent.set('c', 'C', 4);

    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual(['A', undefined, 'C']);
  });

  it('keeps nothing that is larger than its room, and counts a key once', () => {
    const recent = createRecentValues<string>(10);
    recent.set('large', 'L', 11);
    for (let time = 0; time < 5; time++) recent.set('a', 'A', 4);
    recent.set('b', 'B', 4);

    expect(['large', 'a', 'b'].map((key) => recent.get(key))).toEqual([undefined, 'A', 'B']);
  });

  it('has room again for what was dropped', () => {
    const recent = createRecentValues<string>(10);
    recent.set('a', 'A', 6);
    recent.drop('a');
    recent.drop('never there');

    recent.set('b', 'B', 4);
    recent.set('c', 'C', 6);

    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([undefined, 'B', 'C']);
  });
});
