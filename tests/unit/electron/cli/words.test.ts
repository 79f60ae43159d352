import { describe, expect, it } from 'vitest';
import { findingLines } from '../../../../electron/cli/words.ts';

const finding = { severity: 'warning', code: 'expires-soon', message: 'It expires soon.', hint: 'Renew it.' } as const;

describe('findingLines', () => {
  it('names the gateway where several are told of', () => {
    expect(findingLines([finding], 'mx1')).toBe('mx1  warning: It expires soon.\nRenew it.\n');
    expect(findingLines([finding])).toBe('warning: It expires soon.\nRenew it.\n');
  });
});
