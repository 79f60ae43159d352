// The whole ladder of `explain` in one sentence: the window and the command say the same.
import type { Explanation } from './replies.ts';

/** What was asked about, beside the client's address. */
type AskedMail = { sender?: string | undefined; recipient?: string | undefined };

/** The end of the ladder: refused by some rung, taken, or taken on a condition. */
export type Verdict = { tone: 'taken' | 'refused' | 'depends'; words: string };

/** A connection is judged by its first rungs; a message, asked about with its recipient, by all of them. */
export function describeVerdict({ address, verdict, steps }: Explanation, mail: AskedMail): Verdict {
  if (verdict === 'refuse') return { tone: 'refused', words: `A connection from ${address} is refused` };
  if (mail.recipient === undefined) return { tone: 'taken', words: `A connection from ${address} is taken` };
  const from = mail.sender === undefined ? '' : ` from ${mail.sender === '' ? 'the empty sender' : mail.sender}`;
  const what = `A message${from} to ${mail.recipient}`;
  if (steps.some(({ outcome }) => outcome === 'refuse')) return { tone: 'refused', words: `${what} is refused` };
  if (steps.some(({ outcome }) => outcome === 'condition'))
    return { tone: 'depends', words: `${what} is taken on a condition` };
  return { tone: 'taken', words: `${what} is taken` };
}
