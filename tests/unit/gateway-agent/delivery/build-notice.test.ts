// The text of a notice: a multipart/report whose parts and fields are those of RFC 3462 and 3464.
import { describe, expect, it } from 'vitest';
import { buildNotice, type NoticeFacts } from '../../../../gateway-agent/delivery/build-notice.ts';
import { deferral, type Verdict } from '../../../../gateway-agent/delivery/verdict.ts';

const at = new Date(Date.UTC(2026, 0, 2));
const refused: Verdict = { kind: 'bounced', status: '5.1.1', reply: '550 5.1.1 unknown', isRemote: true };
const recipient = { index: 0, address: 'b@mx.test', state: 'queued', attempts: 1, nextAttemptAt: 0 } as const;
const ending = { recipient, verdict: refused, server: 'hop.test', tls: null, passedOnDsn: false };

const build = (changes: Partial<NoticeFacts> = {}) =>
  buildNotice({
    kind: 'failed',
    id: 'Q1',
    sender: 'a@client.test',
    envelopeId: undefined,
    receivedAt: new Date(Date.UTC(2026, 0, 1)),
    at,
    retryUntil: new Date(Date.UTC(2026, 0, 6)),
    endings: [ending],
    reportingName: 'gateway.test',
    postmaster: 'postmaster@gateway.test',
    returns: 'headers',
    eightBit: false,
    ...changes,
  });

describe('buildNotice', () => {
  it('is a report of three parts between one boundary', () => {
    const { head, tail } = build();
    const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? 'none';

    expect(head).toMatch(/^From: Mail Delivery System <postmaster@gateway\.test>\r\nTo: <a@client\.test>\r\n/);
    expect(head).toContain('Content-Type: multipart/report; report-type=delivery-status;');
    expect(head).toContain('Auto-Submitted: auto-replied\r\n');
    expect(
      head
        .split(`--${boundary}\r\n`)
        .slice(1)
        .map((part) => /^Content-Type: (\S+?);?\r?\n?(?:\s|$)/.exec(part)?.[1]),
    ).toEqual(['text/plain', 'message/delivery-status', 'text/rfc822-headers']);
    expect(tail).toBe(`\r\n--${boundary}--\r\n`);
    expect(`${head}${tail}`).not.toMatch(/[^\r]\n|[\u0080-\uffff]/);
  });

  it('names message and recipient in the fields of RFC 3464', () => {
    const original = { ...recipient, originalRecipient: 'rfc822;B@mx.test' };
    const { head } = build({ envelopeId: 'env-1', endings: [{ ...ending, recipient: original }] });

    expect(head).toContain(
      'Reporting-MTA: dns; gateway.test\r\nOriginal-Envelope-Id: env-1\r\nX-Postern-Queue-Id: Q1\r\n' +
        'Arrival-Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n\r\n' +
        'Original-Recipient: rfc822;B@mx.test\r\nFinal-Recipient: rfc822; b@mx.test\r\nAction: failed\r\n' +
        'Status: 5.1.1\r\nRemote-MTA: dns; hop.test\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n' +
        'Last-Attempt-Date: Fri, 02 Jan 2026 00:00:00 +0000\r\n',
    );
  });

  it('quotes as SMTP only what a server said', () => {
    const own = { ...ending, verdict: deferral('4.4.1', 'nobody answers'), server: null };

    const { head } = build({ endings: [own] });

    expect(head).toContain('Diagnostic-Code: X-Postern; nobody answers\r\n');
    expect(head).not.toContain('Remote-MTA');
  });

  it('says until when it is tried only where it is tried again', () => {
    expect(build({ kind: 'delayed' }).head).toMatch(/Action: delayed[^]*Will-Retry-Until: Tue, 06 Jan 2026/);
    expect(build({ kind: 'relayed' }).head).toMatch(/Action: relayed/);
    expect(build().head).not.toContain('Will-Retry-Until');
  });
});
