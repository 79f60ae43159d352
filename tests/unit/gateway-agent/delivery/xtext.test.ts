import { describe, expect, it } from 'vitest';
import { encodeXtext } from '../../../../gateway-agent/delivery/xtext.ts';

describe('encodeXtext', () => {
  it('encodes what RFC 3461 §4 forbids and nothing else', () => {
    expect(encodeXtext('a@b.test')).toBe('a@b.test');
    expect(encodeXtext('a+b=c d')).toBe('a+2Bb+3Dc+20d');
    expect(encodeXtext('ü\r\n')).toBe('+C3+BC+0D+0A');
  });
});
