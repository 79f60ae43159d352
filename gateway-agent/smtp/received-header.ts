// The trace line that every server adds: RFC 5321 §4.4. Pure.
import { isIPv6 } from 'node:net';

/** What the line tells. `recipient` only where the message has one, so that none learns of the others. */
export type TraceFacts = {
  heloName: string;
  peerAddress: string;
  ownName: string;
  protocol: string;
  queueId: string;
  tls: { version: string; cipher: string } | null;
  recipient: string | null;
  at: Date;
};

/** The header with its CRLF. Words of the client cannot break out of their place. */
export function buildReceivedHeader(facts: TraceFacts): string {
  const helo = facts.heloName.replace(/[^\u0021-\u007e]|[()<>;\\"]/g, '?') || 'unknown';
  const literal = isIPv6(facts.peerAddress) ? `IPv6:${facts.peerAddress}` : facts.peerAddress;
  const tls = facts.tls ? `\r\n\t(using ${facts.tls.version} with cipher ${facts.tls.cipher})` : '';
  const recipient = facts.recipient === null ? '' : `\r\n\tfor <${facts.recipient}>`;
  const date = facts.at.toUTCString().replace('GMT', '+0000');
  return (
    `Received: from ${helo} ([${literal}])${tls}\r\n` +
    `\tby ${facts.ownName} (Postern) with ${facts.protocol} id ${facts.queueId}${recipient};\r\n\t${date}\r\n`
  );
}
