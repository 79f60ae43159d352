import { describe, expect, it } from 'vitest';
import { newSealingKey, openSealedText, sealText } from '../../../../electron/store/sealed-text.ts';

describe('sealText', () => {
  it('opens with the same key and name only', () => {
    const key = newSealingKey();
    const sealed = sealText(key, 'mx1', 'secret – ß');

    expect(openSealedText(key, 'mx1', sealed)).toBe('secret – ß');
    expect(openSealedText(key, 'mx2', sealed)).toBeNull();
    expect(openSealedText(newSealingKey(), 'mx1', sealed)).toBeNull();
  });

  it('does not open when any byte was changed or cut off', () => {
    const key = newSealingKey();
    const bytes = Buffer.from(sealText(key, 'mx1', 'secret'), 'base64');

    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(openSealedText(key, 'mx1', changed.toString('base64'))).toBeNull();
      expect(openSealedText(key, 'mx1', bytes.subarray(0, index).toString('base64'))).toBeNull();
    }
  });

  it('never repeats itself', () => {
    const key = newSealingKey();

    expect(sealText(key, 'mx1', 'secret')).not.toBe(sealText(key, 'mx1', 'secret'));
  });
});
