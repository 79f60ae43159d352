// What a refusal looks like on the wire: a code, an enhanced code, few words and a reference into the event log.
import { randomBytes } from 'node:crypto';

/** One reply. `enhanced` is the RFC 3463 status that stands in front of the text. */
export type Reply = { code: number; enhanced: string; text: string };

/** An error as smtp-server's hooks take it: the code always set, because a bare error would become a permanent 554. */
export type HookError = Error & { responseCode: number };

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'; // 32 letters and digits that cannot be mistaken for each other

/** Names one refusal: 8 letters, 40 bits; short enough to be read out on the telephone. */
export function newReference(): string {
  const bits = BigInt(`0x${randomBytes(5).toString('hex')}`);
  return Array.from({ length: 8 }, (_, position) => alphabet[Number((bits >> BigInt(position * 5)) & 31n)]).join('');
}

/** Wire text stays generic and carries only a reference; the rule goes to the event log. */
export function refuse(reply: Reply, ref?: string): HookError {
  const words = `${reply.enhanced} ${reply.text}${ref === undefined ? '' : ` (${ref})`}`;
  return Object.assign(new Error(words), { responseCode: reply.code });
}

/** The whole line of a reply that is written before smtp-server has the socket. */
export function replyLine(reply: Reply, ref: string): string {
  return `${reply.code} ${reply.enhanced} ${reply.text} (${ref})\r\n`;
}
