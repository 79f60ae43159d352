// How much one connection may bring: messages and data. Asked at MAIL, before anything of the message is sent.

/** null = no limit. */
export type Allowance = { maxMessages: number | null; maxBytes: number | null };

/** `reply` as the wire needs it: a code and the enhanced status of RFC 3463. */
export type AllowanceDecision =
  | { accept: true }
  | { accept: false; rule: 'messages-per-connection' | 'data-per-connection'; code: 421; enhanced: '4.7.0' };

/**
 * `messages` and `bytes` count what this connection brought so far; `declaredBytes` is SIZE, or null. Answered 421,
 * after which the server closes (RFC 5321 §3.8): the sender comes back at once with a new connection, while 452 keeps
 * the used-up one and puts the message off by a whole retry. The first message always passes, and one that began is
 * taken to its end: to refuse it behind the final dot would only make the sender bring the same data again.
 */
export function decideAllowance(
  allowance: Allowance,
  session: { messages: number; bytes: number; declaredBytes: number | null },
): AllowanceDecision {
  const { messages, bytes, declaredBytes } = session;
  if (messages === 0) return { accept: true };
  const { maxMessages, maxBytes } = allowance;
  const closing = { accept: false, code: 421, enhanced: '4.7.0' } as const;
  if (maxMessages !== null && messages >= maxMessages) return { ...closing, rule: 'messages-per-connection' };
  const isUsedUp = maxBytes !== null && (bytes >= maxBytes || bytes + (declaredBytes ?? 0) > maxBytes);
  return isUsedUp ? { ...closing, rule: 'data-per-connection' } : { accept: true };
}
