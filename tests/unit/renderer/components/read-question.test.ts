import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../../renderer/components/read-question.ts';

describe('readQuestion', () => {
  it('takes addresses as they stand in logs, and leaves out what was not asked', () => {
    expect(readQuestion({ address: ' 192.0.2.7 ', sender: '<>', recipient: '<ada@b.test>' })).toEqual({
      asked: { address: '192.0.2.7', sender: '', recipient: 'ada@b.test' },
    });
    expect(readQuestion({ address: '2001:db8::7', sender: '', recipient: '' })).toEqual({
      asked: { address: '2001:db8::7' },
    });
    expect(readQuestion({ address: '192.0.2.7', sender: '', recipient: 'Postmaster' })).toHaveProperty('asked');
  });

  it('says which field is wrong, all at once', () => {
    const read = readQuestion({ address: 'mx1', sender: 'ada', recipient: 'not an address' });

    expect('wrong' in read && Object.keys(read.wrong)).toEqual(['address', 'sender', 'recipient']);
  });
});
