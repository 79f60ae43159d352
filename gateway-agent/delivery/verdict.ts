// What the next hop said, as a reply for the client: its own verdict where it gave one, 451 where it gave none.
import type { HopAnswer, HopFailure } from './reply-reader.ts';

/** A reply for the client; `enhanced` stands in front of the text. */
export type Verdict = { code: number; enhanced: string; text: string };

/** Long enough for every known server's explanation, short enough for one line of RFC 5321 §4.5.3.1.5 with ours. */
const maxTextLength = 400;

/** Turns an answer into the client's reply. Codes that end or confuse the client's session become plain 451. */
export function verdictOf(answer: HopAnswer): Verdict {
  if (answer.kind === 'failure') return verdictOfFailure(answer);
  const text = answer.lines
    .join(' ')
    .replace(/[^\u0020-\u007e]/g, '?')
    .slice(0, maxTextLength);
  const match = /^([245]\.\d{1,3}\.\d{1,3})(?: (.*))?$/.exec(text);
  const words = (match ? match[2] : text)?.trim() ?? '';
  const first = Math.floor(answer.code / 100);
  const enhanced = match?.[1]?.startsWith(String(first)) ? match[1] : `${first}.0.0`;
  if (first === 2) return { code: 250, enhanced, text: words || 'OK' };
  if (first === 5) return { code: answer.code, enhanced, text: words || 'Refused by the next hop' };
  // 421 would close the client's session, which has nothing to do with the next hop's
  if (first === 4 && answer.code !== 421) return { code: answer.code, enhanced, text: words || 'Refused for now' };
  return { code: 451, enhanced: first === 4 ? enhanced : '4.4.0', text: `Next hop: ${words || answer.code}` };
}

/** Unreachable, silent or broken next hops are temporary: the client keeps the message. */
function verdictOfFailure({ cause, words }: HopFailure): Verdict {
  switch (cause) {
    case 'loop':
      return { code: 554, enhanced: '5.4.6', text: words };
    case 'eight-bit':
      return { code: 451, enhanced: '4.6.3', text: words };
    case 'tls':
      return { code: 451, enhanced: '4.7.5', text: words };
    case 'unreachable':
      return { code: 451, enhanced: '4.4.1', text: words };
    case 'closed':
    case 'timeout':
      return { code: 451, enhanced: '4.4.2', text: words };
    case 'garbage':
      return { code: 451, enhanced: '4.5.0', text: words };
  }
}
