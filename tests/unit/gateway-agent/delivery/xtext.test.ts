import { describe, expect, it } from 'vitest';
import { encodeBeyondAscii, encodeXtext } from '../../../../gateway-agent/delivery/xtext.ts';

describe('encodeXtext', () => {
  it('encodes what RFC 3461 §4 forbids and nothing else', () => {
    expect(encodeXtext('a@b.test')).toBe('a@b.test');
    expect(encodeXtext('a+b=c d')).toBe('a+2Bb+3Dc+20d');
    expect(encodeXtext('\r\n')).toBe('+0D+0A');
  });

  it('gives octets beyond ASCII back as they came', () => {
    const decoded = Buffer.from([0xc3, 0xa4]).toString('latin1'); // what a client's +C3+A4 is read as

    expect(encodeXtext(decoded)).toBe('+C3+A4');
  });
});

describe('encodeBeyondAscii', () => {
  it('leaves printable ASCII alone', () => {
    expect(encodeBeyondAscii('rfc822;a+b=c d@x.test')).toBe('rfc822;a+b=c d@x.test');
    expect(encodeBeyondAscii('rfc822;\u00e4\n')).toBe('rfc822;+E4+0A');
  });
});
