import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../../../gateway-agent/contract/replies.ts';
import { cursorAt, placeOf } from '../../../../../renderer/features/queue/queue-cursor.ts';

function list(...ids: string[]): QueueEntry[] {
  return ids.map((id) => ({
    id,
    receivedAt: '2026-01-01T00:00:00Z',
    bytes: 1,
    sender: 'x@y.test',
    recipients: [],
    removedAt: null,
  }));
}

describe('placeOf', () => {
  it('keeps to the message when those above it have gone', () => {
    const cursor = cursorAt(2, list('a', 'b', 'c', 'd'));

    expect(placeOf(cursor, list('c', 'd'))).toBe(0);
  });

  it('stays at its place when the message itself has gone, within what is left', () => {
    const cursor = cursorAt(2, list('a', 'b', 'c'));

    expect(placeOf(cursor, list('a', 'b', 'x', 'y'))).toBe(2);
    expect(placeOf(cursor, list('a'))).toBe(0);
    expect(placeOf(cursor, [])).toBe(0);
  });

  it('stands on the first row before anybody moved it', () => {
    expect(placeOf({ id: null, place: 0 }, list('a', 'b'))).toBe(0);
  });
});
