import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { ReplyReader } from '../../../../gateway-agent/delivery/reply-reader.ts';

describe('ReplyReader', () => {
  const read = (...chunks: string[]) => {
    const reader = new ReplyReader();
    return chunks.flatMap((chunk) => reader.push(Buffer.from(chunk, 'latin1')));
  };

  it('joins the lines of one reply and splits replies that came together', () => {
    expect(read('250-one\r\n250 two\r\n221 bye\r\n')).toEqual([
      { kind: 'reply', code: 250, lines: ['one', 'two'] },
      { kind: 'reply', code: 221, lines: ['bye'] },
    ]);
  });

  it('takes a reply without text and bare LF', () => {
    expect(read('354\n250 \n')).toMatchObject([
      { code: 354, lines: [''] },
      { code: 250, lines: [''] },
    ]);
  });

  it('reads the same however the bytes are cut', () => {
    const text = '220-a\r\n220 b\r\n250-c\r\n250-d\r\n250 e\r\n';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        expect(read(...at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(read(text));
      }),
    );
  });

  it.each([
    ['words', 'hello\r\n'],
    ['a code out of range', '650 x\r\n'],
    ['two codes in one reply', '250-a\r\n550 b\r\n'],
    ['a line without an end', 'x'.repeat(5000)],
    ['a line too long', `250 ${'x'.repeat(5000)}\r\n`],
    ['too many lines', '250-x\r\n'.repeat(101)],
  ])('calls %s garbage', (_, text) => {
    expect(read(text).at(-1)).toMatchObject({ kind: 'failure', cause: 'garbage' });
  });
});
