import { describe, expect, it } from 'vitest';
import { hopFailure } from '../../../../gateway-agent/delivery/reply-reader.ts';
import { asDeferred, verdictOf } from '../../../../gateway-agent/delivery/verdict.ts';

describe('verdictOf', () => {
  const reply = (code: number, ...lines: string[]) => verdictOf({ kind: 'reply', code, lines });

  it.each([
    [reply(250, '2.0.0 Ok: queued as 9'), { kind: 'delivered', status: '2.0.0', reply: '250 2.0.0 Ok: queued as 9' }],
    [reply(251, 'will forward'), { kind: 'delivered', status: '2.0.0', reply: '251 will forward' }],
    [reply(550, '5.1.1 No such', '5.1.1 user'), { kind: 'bounced', status: '5.1.1' }],
    [reply(450, ''), { kind: 'deferred', status: '4.0.0', reply: '450' }],
    [reply(550, '4.2.2 odd'), { kind: 'bounced', status: '5.0.0' }],
    [reply(421, '4.3.2 bye'), { kind: 'deferred', status: '4.3.2' }],
    [reply(354, 'go on'), { kind: 'deferred', status: '4.5.0' }],
  ])('keeps what the next hop said: %#', (verdict, expected) => {
    expect(verdict).toMatchObject(expected);
  });

  it('lets no control character through and cuts long texts', () => {
    const { reply: words } = reply(550, `a\u0000b\u001bc${'x'.repeat(1000)}`);

    expect(words).toMatch(/^550 a\?b\?cx+$/);
    expect(words.length).toBeLessThanOrEqual(404);
  });

  it.each([
    ['unreachable', '4.4.1'],
    ['closed', '4.4.2'],
    ['timeout', '4.4.2'],
    ['garbage', '4.5.0'],
    ['tls', '4.7.5'],
  ] as const)('tries again after %s (%s)', (cause, status) => {
    const verdict = verdictOf(hopFailure(cause, 'words'));

    expect(verdict).toEqual({ kind: 'deferred', status, reply: 'words', isRemote: false });
  });
});

describe('asDeferred', () => {
  it('makes a final refusal of our connection one that is tried again', () => {
    const refusal = verdictOf({ kind: 'reply', code: 554, lines: ['5.7.1 Go away'] });

    expect(asDeferred(refusal)).toMatchObject({ kind: 'deferred', status: '4.3.2', reply: '554 5.7.1 Go away' });
  });
});
