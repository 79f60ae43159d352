// Judges one certificate for itself: its time, its key, its signature, and the names it was issued for.
import type { X509Certificate } from 'node:crypto';
import type { Finding } from '#contract/replies';
import { weaknessOf } from './key-type.ts';
import { nameOf } from './read-certificate.ts';
import { brokenHashOf } from './signature-algorithm.ts';
import { fileWords, refuseFile, warnOfFile, type TlsField } from './tls-finding.ts';

/** Long enough to have a certificate renewed by hand. */
const soonDays = 30;
const dayMilliseconds = 24 * 60 * 60 * 1000;

const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const anyUsage = '2.5.29.37.0';

/** What must hold for every certificate that is served. */
export function judgeLink(
  certificate: X509Certificate,
  about: { field: TlsField; isServer: boolean; now: Date },
): Finding[] {
  const { field, isServer, now } = about;
  const words = `${fileWords[field]}: ${nameOf(certificate)}`;
  const findings = judgeTime(certificate, { field, now, words });
  const weakness = weaknessOf(certificate.publicKey);
  if (weakness !== null) {
    findings.push(refuseFile(field, { code: 'key-weak', message: `${words} has a weak key: it ${weakness}.` }));
  }
  const hash = brokenHashOf(certificate);
  // Nobody checks the signature of a root: it is trusted for being known.
  const isRoot = !isServer && certificate.checkIssued(certificate);
  if (hash !== null && !isRoot) {
    const message = `${words} is signed with ${hash}, which can be forged.`;
    findings.push(refuseFile(field, { code: 'signature-weak', message, hint: 'Have it issued anew with SHA-256.' }));
  }
  return findings;
}

function judgeTime(certificate: X509Certificate, about: { field: TlsField; now: Date; words: string }): Finding[] {
  const { field, now, words } = about;
  const begins = new Date(certificate.validFrom);
  const ends = new Date(certificate.validTo);
  if (ends < now) {
    const message = `${words} expired on ${dayOf(ends)}.`;
    return [refuseFile(field, { code: 'certificate-expired', message, hint: 'Renew it.' })];
  }
  if (begins > now) {
    const message = `${words} is not valid before ${begins.toISOString()}.`;
    const hint = `Wait until then, or check the clock: it says ${now.toISOString()}.`;
    return [refuseFile(field, { code: 'certificate-not-yet-valid', message, hint })];
  }
  const daysLeft = Math.floor((ends.getTime() - now.getTime()) / dayMilliseconds);
  if (daysLeft >= soonDays) return [];
  const message = `${words} expires in ${daysLeft === 1 ? '1 day' : `${daysLeft} days`}, on ${dayOf(ends)}.`;
  return [warnOfFile(field, { code: 'certificate-expires-soon', message, hint: 'Renew it.' })];
}

/** Warnings about the server's own certificate: it can be served, but clients that verify it may turn away. */
export function judgeServer(certificate: X509Certificate | undefined, hostNames: string[]): Finding[] {
  if (certificate === undefined) return [];
  const findings: Finding[] = [];
  const words = `${fileWords.certificate}: ${nameOf(certificate)}`;
  if (hostNames.length > 0 && !hostNames.some((name) => isFor(certificate, name))) {
    const message = `${words} has no name that matches ${hostNames.join(' or ')}.`;
    findings.push(warnOfFile('certificate', { code: 'name-mismatch', message }));
  }
  // What Node calls keyUsage is the extended key usage (RFC 5280 §4.2.1.12); absent means any.
  const usages: string[] | undefined = certificate.keyUsage;
  if (usages !== undefined && !usages.includes(serverAuthentication) && !usages.includes(anyUsage)) {
    findings.push(
      warnOfFile('certificate', { code: 'not-for-servers', message: `${words} was not issued for servers.` }),
    );
  }
  return findings;
}

/** Trust anchors stand side by side in any order; the file is useless only when none is in time. */
export function judgeAnchors(anchors: X509Certificate[], now: Date): Finding[] {
  const expired = anchors.filter((anchor) => new Date(anchor.validTo) < now);
  const tell = expired.length === anchors.length ? refuseFile : warnOfFile;
  return expired.map((anchor) => {
    const message = `${fileWords.outgoingCa}: ${nameOf(anchor)} expired on ${dayOf(new Date(anchor.validTo))}.`;
    return tell('outgoingCa', { code: 'certificate-expired', message, hint: 'Replace it.' });
  });
}

function isFor(certificate: X509Certificate, name: string): boolean {
  const isAddress = name.includes(':') || /^\d+(\.\d+){3}$/.test(name);
  return (isAddress ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
