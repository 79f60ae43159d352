// What one attempt means for one recipient: delivered, to be tried again, or never. Only a server's own 5yz is final:
// whatever is broken, silent or late is tried again. Pure.
import type { HopAnswer, HopFailure } from './reply-reader.ts';

/** `status` is the RFC 3463 code, `reply` what the server said or what happened, for logs and bounces. */
export type Verdict = {
  kind: 'delivered' | 'deferred' | 'bounced';
  status: string;
  reply: string;
  /** True for a reply of the other server: only that is quoted as an SMTP diagnostic. */
  isRemote: boolean;
};

/** Long enough for every known server's explanation, short enough for one line in a log. */
const maxTextLength = 400;

/** Turns an answer to a command into its meaning. */
export function verdictOf(answer: HopAnswer): Verdict {
  if (answer.kind === 'failure') return verdictOfFailure(answer);
  const text = answer.lines
    .join(' ')
    .replace(/[^\u0020-\u007e]/g, '?')
    .slice(0, maxTextLength)
    .trim();
  const reply = `${answer.code} ${text}`.trim();
  const first = Math.floor(answer.code / 100);
  const told = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/.exec(text)?.[1];
  const status = told?.startsWith(String(first)) ? told : `${first}.0.0`;
  if (first === 2) return { kind: 'delivered', status, reply, isRemote: true };
  if (first === 5) return { kind: 'bounced', status, reply, isRemote: true };
  if (first === 4) return { kind: 'deferred', status, reply, isRemote: true };
  return { kind: 'deferred', status: '4.5.0', reply, isRemote: true }; // 3yz where none belongs
}

/** Ours to say: nobody answered. */
export function deferral(status: string, reply: string): Verdict {
  return { kind: 'deferred', status, reply, isRemote: false };
}

/** Ours to say: no attempt can succeed. */
export function rejection(status: string, reply: string): Verdict {
  return { kind: 'bounced', status, reply, isRemote: false };
}

/** A refusal that concerns us, not this message: at the greeting, at EHLO. The message is kept. */
export function asDeferred(verdict: Verdict): Verdict {
  if (verdict.kind === 'deferred') return verdict;
  return { ...verdict, kind: 'deferred', status: '4.3.2' };
}

function verdictOfFailure({ cause, words }: HopFailure): Verdict {
  switch (cause) {
    case 'tls':
      return deferral('4.7.5', words);
    case 'unreachable':
      return deferral('4.4.1', words);
    case 'closed':
    case 'timeout':
      return deferral('4.4.2', words);
    case 'garbage':
      return deferral('4.5.0', words);
  }
}
