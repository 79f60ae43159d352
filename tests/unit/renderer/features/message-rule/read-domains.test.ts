import { describe, expect, it } from 'vitest';
import { countWords, readDomains, takenBy } from '../../../../../renderer/features/message-rule/read-domains.ts';

describe('readDomains', () => {
  it('skips blanks and comments, counts repetitions, refuses by line', () => {
    const text =
      '\uFEFF# ours\r\nExample.NET # head office\r\n\r\n*.example.net\nexample.net\nada@example.org\n.example.com\n';

    expect(readDomains(text)).toEqual({
      domains: ['example.net', '*.example.net'],
      repeated: 1,
      refused: [
        { line: 6, text: 'ada@example.org', reason: 'Leave out what stands before the @.' },
        { line: 7, text: '.example.com', reason: 'Write *.example.com for every name below it.' },
      ],
    });
  });

  it('takes no address for a domain', () => {
    const { domains, refused } = readDomains('192.0.2.1\n10.0.0.0/8\n10.0.0.300\n*.10.0.0.1\nexample.300\n1.example\n');

    expect(domains).toEqual(['1.example']);
    expect(refused.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['An address is not a domain.']));
  });

  it('reads ten thousand lines', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `customer-${i}.example.org`).join('\n');

    expect(readDomains(text)).toMatchObject({ repeated: 0, refused: [] });
    expect(readDomains(text).domains).toHaveLength(10_000);
  });
});

describe('takenBy', () => {
  const domains = new Set(['example.net', '*.example.org', '*.deep.example.org']);

  it('finds the exact domain, else the nearest *. above it', () => {
    expect(takenBy(domains, 'Ada@Example.net')).toBe('example.net');
    expect(takenBy(domains, 'a.b.deep.example.org')).toBe('*.deep.example.org');
    expect(takenBy(domains, 'other.example.org')).toBe('*.example.org');
  });

  it('takes no domain by its own *. and none below an exact one', () => {
    expect(takenBy(domains, 'example.org')).toBeNull();
    expect(takenBy(domains, 'mail.example.net')).toBeNull();
  });
});

describe('countWords', () => {
  it('tells kinds and repetitions', () => {
    expect(countWords(['example.net'])).toBe('1 domain');
    expect(countWords(['a.test', '*.a.test', 'a.test'])).toBe('3 domains, 1 with *., 1 repeated');
  });
});
