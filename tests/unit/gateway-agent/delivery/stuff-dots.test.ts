import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { DotStuffer, finalDot } from '../../../../gateway-agent/delivery/stuff-dots.ts';

const stuff = (...chunks: string[]): string => {
  const stuffer = new DotStuffer();
  return Buffer.concat([...chunks.flatMap((chunk) => stuffer.push(Buffer.from(chunk))), finalDot]).toString();
};

describe('DotStuffer', () => {
  it('stuffs dots at the start of lines and nowhere else', () => {
    expect(stuff('.a\r\nb.c\r\n..\r\n')).toBe('..a\r\nb.c\r\n...\r\n.\r\n');
    expect(stuff('')).toBe('.\r\n');
  });

  it('gives back the same lines when a server takes the dots away, however the content was cut', () => {
    const line = fc.stringMatching(/^[.a ]{0,6}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 6 }), (lines, rawCuts) => {
        const text = lines.map((each) => `${each}\r\n`).join('');
        const cuts = [0, ...rawCuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
        const wire = stuff(...cuts.slice(1).map((end, index) => text.slice(cuts[index], end)));

        expect(`\r\n${wire}`.indexOf('\r\n.\r\n')).toBe(wire.length - 3); // one end, at the end
        expect(wire.slice(0, -3).replace(/^\./, '').replaceAll('\r\n.', '\r\n')).toBe(text);
      }),
    );
  });
});
