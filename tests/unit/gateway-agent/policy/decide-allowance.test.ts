// How much one connection may bring.
import { describe, expect, it } from 'vitest';
import { decideAllowance } from '../../../../gateway-agent/policy/decide-allowance.ts';

const unlimited = { maxMessages: null, maxBytes: null };
const closing = { accept: false, code: 421, enhanced: '4.7.0' };

describe('decideAllowance', () => {
  it('has no limit unless one is set', () => {
    expect(decideAllowance(unlimited, { messages: 1e6, bytes: 1e12, declaredBytes: 1e12 })).toEqual({ accept: true });
  });

  it('closes at the message behind the last one allowed', () => {
    const allowance = { ...unlimited, maxMessages: 2 };

    expect(decideAllowance(allowance, { messages: 1, bytes: 0, declaredBytes: null }).accept).toBe(true);
    expect(decideAllowance(allowance, { messages: 2, bytes: 0, declaredBytes: null })).toEqual({
      ...closing,
      rule: 'messages-per-connection',
    });
  });

  it('closes when the data is used up, or would be by what is declared', () => {
    const allowance = { ...unlimited, maxBytes: 1000 };
    const decide = (bytes: number, declaredBytes: number | null) =>
      decideAllowance(allowance, { messages: 1, bytes, declaredBytes });

    expect(decide(999, null).accept).toBe(true);
    expect(decide(500, 500).accept).toBe(true);
    expect(decide(500, 501)).toEqual({ ...closing, rule: 'data-per-connection' });
    expect(decide(1000, null)).toEqual({ ...closing, rule: 'data-per-connection' });
  });

  it('takes a first message of any size, which no further connection could bring otherwise', () => {
    expect(decideAllowance({ maxMessages: 1, maxBytes: 1 }, { messages: 0, bytes: 0, declaredBytes: 500 })).toEqual({
      accept: true,
    });
  });
});
