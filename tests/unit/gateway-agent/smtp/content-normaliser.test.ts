import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { ContentNormaliser } from '../../../../gateway-agent/smtp/content-normaliser.ts';

const normalise = (...chunks: string[]) => {
  const content = new ContentNormaliser();
  const blocks = chunks.map((chunk) => content.push(Buffer.from(chunk, 'latin1')));
  const text = Buffer.concat([...blocks, content.finish()]).toString('latin1');
  return { text, problem: content.problem, hasEightBit: content.hasEightBit };
};

const cut = (text: string, cuts: number[]): string[] => {
  const at = [0, ...cuts.map((each) => each % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

describe('ContentNormaliser', () => {
  it('makes every bare CR and LF a line end, wherever the stream is cut', () => {
    const piece = fc.constantFrom('a', '.', '\r', '\n', '\r\n', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 6 }), (pieces, cuts) => {
        const text = pieces.join('');
        const expected = text.replace(/\r\n|\r|\n/g, '\r\n');
        const isWhole = text === '' || expected.endsWith('\r\n');

        expect(normalise(...cut(text, cuts)).text).toBe(isWhole ? expected : `${expected}\r\n`);
      }),
    );
  });

  it.each([
    ['NUL', 'a\0b\r\n', 'NUL'],
    ['999 octets', `${'x'.repeat(999)}\r\n`, 'Line over 998'],
    ['an endless line', 'x'.repeat(5000), 'Line over 998'],
  ])('refuses %s wherever the stream is cut', (_, text, words) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 4 }), (cuts) => {
        const { problem } = normalise(...cut(text, cuts));
        expect(problem).toMatchObject({ code: 550, enhanced: '5.6.0' });
        expect(problem?.text).toContain(words);
      }),
      { numRuns: 50 },
    );
  });

  it('takes 998 octets', () => {
    expect(normalise(`${'x'.repeat(998)}\r\n`).problem).toBeNull();
    expect(normalise('x'.repeat(998), '\r', '\n').problem).toBeNull();
  });

  it('tells 8-bit content', () => {
    expect(normalise('a\r\n').hasEightBit).toBe(false);
    expect(normalise('a\r\n', '\xfc\r\n').hasEightBit).toBe(true);
  });

  it('refuses the 51st Received header and counts none in the body', () => {
    const hops = (count: number) => 'Received: from a by b\r\n'.repeat(count);

    expect(normalise(`${hops(50)}\r\n${hops(100)}`).problem).toBeNull();
    expect(normalise(`${hops(51)}\r\nHello\r\n`).problem).toMatchObject({ code: 554, enhanced: '5.4.6' });
    expect(normalise(hops(51)).problem).toMatchObject({ code: 554 }); // no body at all
    expect(normalise(`\r\n${hops(100)}`).problem).toBeNull(); // no header at all
    expect(normalise(hops(51).replaceAll('\r\n', '\n')).problem).toMatchObject({ code: 554 }); // in bare LFs
  });

  it('refuses a header of more than a megabyte', () => {
    const header = `X-Long: ${'y'.repeat(900)}\r\n`.repeat(1200);

    expect(normalise(header, '\r\nHello\r\n').problem).toMatchObject({ code: 552, enhanced: '5.3.4' });
  });
});
