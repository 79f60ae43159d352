import { describe, expect, it } from 'vitest';
import { foldAnswers, namesOf } from '../../../../electron/cli/fold-answers.ts';

describe('foldAnswers', () => {
  it('tells equal answers once, in the order of their first gateway', () => {
    const answers = ['a', 'b', 'a', 'a'].map((change, index) => ({
      gateway: `mx${index + 1}`,
      value: { change, index },
    }));

    const folds = foldAnswers(answers, ({ change }) => change);

    expect(folds.map(namesOf)).toEqual(['mx1, mx3, mx4 (3 gateways)', 'mx2']);
    expect(folds[0]?.values.map(({ index }) => index)).toEqual([0, 2, 3]);
  });
});
