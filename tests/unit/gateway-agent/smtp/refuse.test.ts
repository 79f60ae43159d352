import { describe, expect, it } from 'vitest';
import { newReference, refuse, replyLine } from '../../../../gateway-agent/smtp/refuse.ts';

describe('newReference', () => {
  it('is 8 letters and digits that cannot be mistaken, and never the same twice', () => {
    const references = Array.from({ length: 1000 }, newReference);

    expect(references.every((each) => /^[A-HJ-NP-Z2-9]{8}$/.test(each))).toBe(true);
    expect(new Set(references).size).toBe(1000);
  });
});

describe('refuse', () => {
  it('always carries a code, because smtp-server turns a bare error into a permanent refusal', () => {
    const error = refuse({ code: 451, enhanced: '4.3.0', text: 'Later' }, 'ABCDEFGH');

    expect(error.responseCode).toBe(451);
    expect(error.message).toBe('4.3.0 Later (ABCDEFGH)');
  });
});

describe('replyLine', () => {
  it('is one whole line', () => {
    expect(replyLine({ code: 554, enhanced: '5.7.1', text: 'No' }, 'ABCDEFGH')).toBe('554 5.7.1 No (ABCDEFGH)\r\n');
  });
});
