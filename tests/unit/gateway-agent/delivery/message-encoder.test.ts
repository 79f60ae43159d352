import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageEncoder } from '../../../../gateway-agent/delivery/message-encoder.ts';

const encode = (...chunks: string[]) => {
  const encoder = new MessageEncoder();
  const blocks = chunks.map((chunk) => encoder.push(Buffer.from(chunk, 'latin1')));
  const end = encoder.finish();
  return { wire: end && Buffer.concat([...blocks, end]).toString('latin1'), problem: encoder.problem };
};

const cut = (text: string, cuts: number[]): string[] => {
  const at = [0, ...cuts.map((each) => each % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

describe('MessageEncoder', () => {
  it('stuffs dots at the start of lines and ends with the dot', () => {
    expect(encode('.a\r\nb.c\r\n..\r\n').wire).toBe('..a\r\nb.c\r\n...\r\n.\r\n');
    expect(encode('').wire).toBe('.\r\n');
    expect(encode('no end').wire).toBe('no end\r\n.\r\n');
  });

  it('gives back the same lines when a next hop takes the dots away, however the stream was cut', () => {
    const line = fc.stringMatching(/^[.a ]{0,6}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 6 }), (lines, cuts) => {
        const text = lines.map((each) => `${each}\r\n`).join('');
        const { wire, problem } = encode(...cut(text, cuts));
        expect(problem).toBeNull();
        expect(`\r\n${wire}`.indexOf('\r\n.\r\n')).toBe(wire!.length - 3); // one end, at the end
        const unstuffed = wire?.slice(0, -3).replace(/^\./, '').replaceAll('\r\n.', '\r\n');
        expect(unstuffed).toBe(text);
      }),
    );
  });

  it.each([
    ['NUL', 'a\0b\r\n', 'NUL'],
    ['a bare LF', 'a\nb\r\n', 'Bare LF'],
    ['a bare LF at the start', '\nb\r\n', 'Bare LF'],
    ['a bare CR', 'a\rb\r\n', 'Bare CR'],
    ['a CR at the very end', 'a\r', 'Bare CR'],
    ['two CRs', 'a\r\r\n', 'Bare CR'],
    ['999 octets', `${'x'.repeat(999)}\r\n`, 'Line over 998'],
    ['an endless line', 'x'.repeat(5000), 'Line over 998'],
  ])('refuses %s wherever the stream is cut', (_, text, words) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 4 }), (cuts) => {
        const { wire, problem } = encode(...cut(text, cuts));
        expect(wire).toBeNull();
        expect(problem).toMatchObject({ code: 550, enhanced: '5.6.0' });
        expect(problem?.text).toContain(words);
      }),
      { numRuns: 50 },
    );
  });

  it('takes 998 octets', () => {
    expect(encode(`${'x'.repeat(998)}\r\n`).problem).toBeNull();
    expect(encode('x'.repeat(998), '\r', '\n').problem).toBeNull();
  });

  it('refuses the 51st Received header and counts none in the body', () => {
    const hops = (count: number) => 'Received: from a by b\r\n'.repeat(count);

    expect(encode(`${hops(50)}\r\n${hops(100)}`).problem).toBeNull();
    expect(encode(`${hops(51)}\r\nHello\r\n`).problem).toMatchObject({ code: 554, enhanced: '5.4.6' });
    expect(encode(hops(51)).problem).toMatchObject({ code: 554 }); // no body at all
    expect(encode(`\r\n${hops(100)}`).problem).toBeNull(); // no header at all
  });

  it('refuses a header of more than a megabyte', () => {
    const header = `X-Long: ${'y'.repeat(900)}\r\n`.repeat(1200);

    expect(encode(header, '\r\nHello\r\n').problem).toMatchObject({ code: 552, enhanced: '5.3.4' });
  });
});
