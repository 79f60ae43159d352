import { describe, expect, it } from 'vitest';
import { describeRefusals } from '../../../../../renderer/features/gateway/describe-refusals.ts';

describe('describeRefusals', () => {
  it('says what was refused, the most frequent first, and leaves out what was not', () => {
    expect(describeRefusals({ 'deny-list': 2, 'relay-denied': 40, protocol: 0 })).toEqual([
      { words: 'recipients not relayed', count: 40 },
      { words: 'connections by the deny list', count: 2 },
    ]);
  });

  it('adds up what has no room, so that the lines still make the sum', () => {
    const lines = describeRefusals({ 'deny-list': 9, 'relay-denied': 8, content: 7, storage: 6, protocol: 5, new: 1 });

    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toEqual({ words: 'for other reasons', count: 12 });
  });

  it('shows a rule that it does not know by its name', () => {
    expect(describeRefusals({ 'from-the-future': 1 })).toEqual([{ words: 'from-the-future', count: 1 }]);
  });
});
