import { describe, expect, it } from 'vitest';
import { describeVerdict } from '#contract/describe-verdict';
import type { Explanation, LadderStep } from '#contract/replies';

function explained(verdict: Explanation['verdict'], ...outcomes: LadderStep['outcome'][]): Explanation {
  return {
    address: '192.0.2.7',
    verdict,
    steps: outcomes.map((outcome) => ({ rule: 'message-rule', outcome, words: '' })),
  };
}

describe('describeVerdict', () => {
  it('speaks of the connection while nobody is named', () => {
    expect(describeVerdict(explained('accept', 'condition'), {})).toEqual({
      tone: 'taken',
      words: 'A connection from 192.0.2.7 is taken',
    });
    expect(describeVerdict(explained('refuse', 'refuse'), { recipient: 'a@b.test' }).words).toBe(
      'A connection from 192.0.2.7 is refused',
    );
  });

  it('speaks of the message when its recipient is named', () => {
    const mail = { sender: '', recipient: 'ada@b.test' };

    expect(describeVerdict(explained('accept', 'pass', 'refuse'), mail)).toEqual({
      tone: 'refused',
      words: 'A message from the empty sender to ada@b.test is refused',
    });
    expect(describeVerdict(explained('accept', 'pass', 'condition'), mail).tone).toBe('depends');
    expect(describeVerdict(explained('accept', 'pass'), { recipient: 'ada@b.test' })).toEqual({
      tone: 'taken',
      words: 'A message to ada@b.test is taken',
    });
  });
});
