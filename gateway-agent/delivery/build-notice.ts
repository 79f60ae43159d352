// The text of a notice to the sender (RFC 3464): failed, delayed or relayed. Pure; the original goes between the two
// parts that it gives.
import type { Ending } from './job.ts';
import { encodeBeyondAscii } from './xtext.ts';

/** What happened. `relayed`: success was asked for, and the next server tells no more of it. */
export type NoticeKind = 'failed' | 'delayed' | 'relayed';

/** RFC 5322 §2.1.1. */
const maxLineLength = 998;

/** Everything that the notice tells. */
export type NoticeFacts = {
  kind: NoticeKind;
  id: string;
  sender: string;
  envelopeId: string | undefined;
  receivedAt: Date;
  at: Date;
  /** Until when it is tried, for a notice of delay. */
  retryUntil: Date;
  endings: readonly Ending[];
  reportingName: string;
  postmaster: string;
  /** The whole message comes back, or only its header. */
  returns: 'full' | 'headers';
  eightBit: boolean;
};

const subjects: Record<NoticeKind, string> = {
  failed: 'Undelivered mail returned to sender',
  delayed: 'Delayed mail (still being tried)',
  relayed: 'Mail relayed to a server that does not report back',
};

const openings: Record<NoticeKind, string> = {
  failed: 'Your message could not be delivered to the recipients below. It will not be tried again.',
  delayed: 'Your message could not be delivered yet. You need not do anything: it is still being tried.',
  relayed: 'Your message was handed on to another server, which sends no confirmation of delivery.',
};

/** What stands before and behind the original message. */
export function buildNotice(facts: NoticeFacts): { head: string; tail: string } {
  const boundary = `=_${facts.id}_${facts.kind}`; // "=_" never occurs in quoted-printable or base64
  const part = (type: string, content: string) => `--${boundary}\r\n${type}\r\n\r\n${content}`;
  const encoding = facts.eightBit ? '\r\nContent-Transfer-Encoding: 8bit' : '';
  const original = facts.returns === 'full' ? 'message/rfc822' : 'text/rfc822-headers';
  const head = [
    `From: Mail Delivery System <${facts.postmaster}>`,
    `To: <${facts.sender}>`,
    `Subject: ${subjects[facts.kind]}`,
    `Date: ${formatDate(facts.at)}`,
    `Message-ID: <${facts.id}.${facts.kind}.${facts.at.getTime()}@${facts.reportingName}>`,
    'Auto-Submitted: auto-replied', // RFC 3834: nobody may answer it automatically
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"`,
    ...(facts.eightBit ? ['Content-Transfer-Encoding: 8bit'] : []),
    '',
    part('Content-Type: text/plain; charset=us-ascii', explain(facts)),
    part('Content-Type: message/delivery-status', describe(facts)),
    part(`Content-Type: ${original}${encoding}`, ''),
  ].join('\r\n');
  return { head, tail: `\r\n--${boundary}--\r\n` };
}

function explain({ kind, endings, reportingName, receivedAt, retryUntil }: NoticeFacts): string {
  const until = kind === 'delayed' ? `\r\nIt is tried until ${formatDate(retryUntil)}.\r\n` : '';
  const lines = endings.map(({ recipient, verdict, server }) => {
    const where = server === null ? '' : ` (${server})`;
    return `  <${recipient.address}>${where}:\r\n    ${verdict.reply}\r\n`;
  });
  return (
    `This is the mail system at ${reportingName}.\r\n\r\n${openings[kind]}\r\n${until}\r\n` +
    `It was received on ${formatDate(receivedAt)}.\r\n\r\n${lines.join('\r\n')}`
  );
}

const actions: Record<NoticeKind, string> = { failed: 'failed', delayed: 'delayed', relayed: 'relayed' };

function describe(facts: NoticeFacts): string {
  const message = [
    `Reporting-MTA: dns; ${facts.reportingName}`,
    ...field('Original-Envelope-Id', facts.envelopeId),
    `X-Postern-Queue-Id: ${facts.id}`,
    `Arrival-Date: ${formatDate(facts.receivedAt)}`,
  ];
  const recipients = facts.endings.map(({ recipient, verdict, server }) =>
    [
      ...field('Original-Recipient', recipient.originalRecipient),
      `Final-Recipient: rfc822; ${recipient.address}`,
      `Action: ${actions[facts.kind]}`,
      `Status: ${verdict.status}`,
      ...(server === null ? [] : [`Remote-MTA: dns; ${server}`]),
      `Diagnostic-Code: ${verdict.isRemote ? 'smtp' : 'X-Postern'}; ${verdict.reply}`,
      `Last-Attempt-Date: ${formatDate(facts.at)}`,
      ...(facts.kind === 'delayed' ? [`Will-Retry-Until: ${formatDate(facts.retryUntil)}`] : []),
    ].join('\r\n'),
  );
  return `${[message.join('\r\n'), ...recipients].join('\r\n\r\n')}\r\n`;
}

/** Words of the client; without them where they are too long for a line, because nobody would take the notice then. */
function field(name: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  const line = `${name}: ${encodeBeyondAscii(value)}`;
  return line.length > maxLineLength ? [] : [line];
}

function formatDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
