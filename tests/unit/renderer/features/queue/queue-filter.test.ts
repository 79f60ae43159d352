import { describe, expect, it } from 'vitest';
import { calls } from '#ipc';
import { isWhole, toListInput, wholeQueue } from '../../../../../renderer/features/queue/queue-filter.ts';

describe('toListInput', () => {
  it('asks for everything when nothing is filled in', () => {
    expect(isWhole(wholeQueue)).toBe(true);
    expect(toListInput('mx1', wholeQueue)).toEqual({ name: 'mx1' });
  });

  it('takes the domain of a pasted address and what the contract accepts', () => {
    const input = toListInput('mx1', {
      domain: ' Ada@Example.NET ',
      error: ' 4.7.1 ',
      state: 'held',
      minAgeSeconds: 3600,
    });

    expect(input).toEqual({ name: 'mx1', domain: 'example.net', error: '4.7.1', state: 'held', minAgeSeconds: 3600 });
    expect(calls['queue:list'].input.safeParse(input).success).toBe(true);
  });
});
