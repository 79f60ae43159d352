import { describe, expect, it } from 'vitest';
import { plainText } from '../../../../electron/ssh/plain-text.ts';

describe('plainText', () => {
  it('keeps line feeds and letters, and takes out controls and direction marks', () => {
    expect(plainText('a\u001bb\u202ec\nd\u009be é\u200ff')).toBe('a b c\nd e é f');
  });
});
