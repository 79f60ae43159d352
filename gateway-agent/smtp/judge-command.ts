// What a command line may hold at all, judged before smtp-server reads it. Pure.
import type { Reply } from './refuse.ts';

/** Nothing below a blank but the tab, no DEL, no NUL: such bytes end up in replies, logs and the next hop. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const controlCharacters = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const beyondAscii = /[\u0080-\u00ff]/;

/** The library knows these and answers 530 and 501; nobody announced them, so RFC 5321 §4.1.1.11 asks for 555. */
const notAnnounced = />.*\s(?:REQUIRETLS(?:=\S*)?|SMTPUTF8(?:=\S*)?|BODY=BINARYMIME)(?:\s|$)/i;

/** A refusal for a line with bytes that no command holds, or null. */
export function judgeCommand(name: string, command: Buffer): Reply | null {
  const line = command.toString('latin1');
  if (controlCharacters.test(line)) return { code: 500, enhanced: '5.5.2', text: 'Control characters are not allowed' };
  if (name === 'MAIL' && notAnnounced.test(line)) {
    return { code: 555, enhanced: '5.5.4', text: 'Parameter not recognised' };
  }
  if (!beyondAscii.test(line)) return null;
  // SMTPUTF8 is not announced (RFC 6531 §3.5: 553 with 5.6.7), because the next hop may not take it.
  if (name === 'MAIL' || name === 'RCPT') return { code: 553, enhanced: '5.6.7', text: 'Addresses must be ASCII' };
  return { code: 500, enhanced: '5.5.2', text: 'Commands must be ASCII' };
}

/** The address between the angle brackets as it was written, without a source route (RFC 5321 appendix C). */
export function readPath(line: string): string | null {
  const path = /^[^:<]*:\s*<([^<>]*)>/.exec(line)?.[1];
  return path?.replace(/^@[^\s,:@]+(?:,@[^\s,:@]+)*:/, '') ?? null;
}

/** Parameters that were not announced are refused, never ignored: RFC 5321 §4.1.1.11. */
export function findUnknownParameter(args: Record<string, unknown> | false, known: readonly string[]): string | null {
  return Object.keys(args || {}).find((name) => !known.includes(name)) ?? null;
}
