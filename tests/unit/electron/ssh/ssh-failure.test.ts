import { describe, expect, it } from 'vitest';
import { networkReason } from '../../../../electron/ssh/ssh-failure.ts';

describe('networkReason', () => {
  it('speaks plainly of what the system reports', () => {
    expect(networkReason(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toBe(
      'nothing listens there',
    );
  });

  it('takes what a terminal would obey out of the words of an SSH server that hangs up', () => {
    expect(networkReason(new Error('bye\u001b]0;owned\u0007'))).toBe('bye ]0;owned ');
  });
});
