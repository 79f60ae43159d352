import { describe, expect, it } from 'vitest';
import { hopFailure } from '../../../../gateway-agent/delivery/reply-reader.ts';
import { verdictOf } from '../../../../gateway-agent/delivery/verdict.ts';

describe('verdictOf', () => {
  const reply = (code: number, ...lines: string[]) => verdictOf({ kind: 'reply', code, lines });

  it.each([
    [reply(250, '2.0.0 Ok: queued as 9'), { code: 250, enhanced: '2.0.0', text: 'Ok: queued as 9' }],
    [reply(251, 'will forward'), { code: 250, enhanced: '2.0.0', text: 'will forward' }],
    [reply(550, '5.1.1 No such', '5.1.1 user'), { code: 550, enhanced: '5.1.1', text: 'No such 5.1.1 user' }],
    [reply(450, ''), { code: 450, enhanced: '4.0.0', text: 'Refused for now' }],
    [reply(550, '4.2.2 odd'), { code: 550, enhanced: '5.0.0', text: 'odd' }],
    [reply(554, ''), { code: 554, enhanced: '5.0.0', text: 'Refused by the next hop' }],
  ])('keeps what the next hop said: %#', (verdict, expected) => {
    expect(verdict).toEqual(expected);
  });

  it('makes 421 and 3xx an ordinary 451, because they would end or confuse the client’s session', () => {
    expect(reply(421, '4.3.2 bye')).toMatchObject({ code: 451, enhanced: '4.3.2' });
    expect(reply(354, 'go on')).toMatchObject({ code: 451, enhanced: '4.4.0' });
  });

  it('lets no control character through and cuts long texts', () => {
    const { text } = reply(550, `a\u0000b\u001bc${'x'.repeat(1000)}`);

    expect(text).toMatch(/^a\?b\?cx+$/);
    expect(text.length).toBeLessThanOrEqual(400);
  });

  it.each([
    ['unreachable', 451, '4.4.1'],
    ['closed', 451, '4.4.2'],
    ['timeout', 451, '4.4.2'],
    ['garbage', 451, '4.5.0'],
    ['tls', 451, '4.7.5'],
    ['eight-bit', 451, '4.6.3'],
    ['loop', 554, '5.4.6'],
  ] as const)('answers %s with %d %s', (cause, code, enhanced) => {
    expect(verdictOf(hopFailure(cause, 'words'))).toEqual({ code, enhanced, text: 'words' });
  });
});
