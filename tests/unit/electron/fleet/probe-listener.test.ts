// The proof from the desktop: what was seen against what the gateway foretold.
import { describe, expect, it } from 'vitest';
import { judgeLook, type Expectation } from '../../../../electron/fleet/probe-listener.ts';
import type { SmtpLook } from '../../../../electron/fleet/smtp-look.ts';

const seen: SmtpLook = {
  banner: { code: 220, lines: ['mx1.example.net ESMTP'] },
  reason: null,
  offersTls: true,
  tlsVersion: 'TLSv1.3',
  fingerprint: 'AA:BB',
  problem: null,
};
const accepts: Expectation = {
  foretold: { address: '192.0.2.99', verdict: 'accept', steps: [] },
  tls: 'AA:BB',
  greetingName: 'mx1.example.net',
};
const refuses: Expectation = { ...accepts, foretold: { address: '192.0.2.99', verdict: 'refuse', steps: [] } };
const refusal: SmtpLook = { ...seen, banner: { code: 554, lines: ['5.7.1 Connection refused (ABCDEFGH)'] } };

describe('judgeLook', () => {
  it('is proved by banner, TLS and the certificate that was pushed', () => {
    expect(judgeLook(seen, accepts)).toMatchObject({ result: 'proved', tlsVersion: 'TLSv1.3', fingerprint: 'AA:BB' });
  });

  it('takes a refusal that was foretold for reachability', () => {
    expect(judgeLook(refusal, refuses)).toMatchObject({ result: 'refused-as-expected' });
  });

  it.each([
    ['a refusal that was not foretold', refusal, accepts],
    ['an acceptance that was not foretold', seen, refuses],
    ['another certificate', { ...seen, fingerprint: 'CC:DD' }, accepts],
    ['no STARTTLS where it was pushed', { ...seen, offersTls: false, fingerprint: null }, accepts],
    ['STARTTLS where none was pushed', seen, { ...accepts, tls: false as const }],
    ['another server’s banner', { ...seen, banner: { code: 220, lines: ['proxy.example.org ready'] } }, accepts],
    ['a handshake that broke', { ...seen, problem: 'the TLS handshake failed: reset' }, accepts],
    ['something that is no mail server', { ...seen, banner: null, reason: 'it does not speak SMTP' }, accepts],
  ])('fails on %s', (_what, look, expected) => {
    expect(judgeLook(look, expected)).toMatchObject({ result: 'failed' });
  });

  it.each([
    ['no banner came', { ...seen, banner: null, reason: 'no answer within 5 s' }, accepts],
    ['it is full at the moment', { ...seen, banner: { code: 421, lines: ['4.3.2 Too many'] } }, accepts],
    ['nobody could foretell the refusal', refusal, { ...accepts, foretold: null }],
  ])('proves nothing when %s', (_what, look, expected) => {
    const proof = judgeLook(look, expected);

    expect(proof.result).toBe('not-possible');
    expect(proof.reason).toBeTruthy();
  });
});
