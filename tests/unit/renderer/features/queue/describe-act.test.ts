import { describe, expect, it } from 'vitest';
import { describeAct, describeBreak } from '../../../../../renderer/features/queue/describe-act.ts';

describe('describeAct', () => {
  it('says what was done, and how much of it was not', () => {
    expect(describeAct('hold', 1, 1)).toBe('1 message held until released.');
    expect(describeAct('hold', 1500, 1497)).toBe(
      '1,497 messages held until released. 3 messages had gone or cannot be changed so.',
    );
  });

  it('does not call nothing a success', () => {
    expect(describeAct('restore', 2, 0)).toBe('Nothing was changed: 2 messages had gone or cannot be changed so.');
  });
});

describe('describeBreak', () => {
  it('says how far an act came before it failed', () => {
    expect(describeBreak('remove', 1500, 1000)).toBe('1,000 of 1,500 messages deleted, then it failed. ');
    expect(describeBreak('remove', 3, 0)).toBe('');
  });
});
