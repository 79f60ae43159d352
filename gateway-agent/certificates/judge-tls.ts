// Judges the TLS files of a release: is each one what its field asks for, do they belong together, are they sound
// and in time. The desktop asks before it sends, the gateway again before it serves.
import type { X509Certificate } from 'node:crypto';
import type { Finding } from '#contract/replies';
import { weaknessOf } from './key-type.ts';
import { oneLine, readChain, spkiSha256Of } from './read-certificate.ts';
import { readPrivateKey } from './read-private-key.ts';
import { joinChain } from './served-chain.ts';
import { brokenHashOf } from './signature-algorithm.ts';
import { isPrivateKeyBlock, splitPem } from './split-pem.ts';

export type TlsFiles = {
  certificate: string | null;
  privateKey: string | null;
  caCertificate: string | null;
  outgoingCa: string | null;
};

/** Long enough to have a certificate renewed by hand. */
const soonDays = 30;
const dayMilliseconds = 24 * 60 * 60 * 1000;

type TlsField = keyof TlsFiles;

const fileWords: Record<TlsField, string> = {
  certificate: 'The SMTP server certificate',
  privateKey: 'The private key',
  caCertificate: 'The CA certificate',
  outgoingCa: 'The own CA for outgoing TLS',
};

/** Errors refuse the release; a field without a file is not judged here. */
export function judgeTls(files: TlsFiles, facts: { hostNames: string[]; now: Date }): Finding[] {
  const server = readField(files, 'certificate');
  const ca = readField(files, 'caCertificate');
  const outgoing = readField(files, 'outgoingCa');
  const key = judgeKey(files.privateKey, server.chain[0] === undefined ? null : server.chain);
  return [
    ...ca.findings,
    ...key,
    ...server.findings,
    ...judgeOrder(server.chain, ca.chain),
    ...server.chain.flatMap((certificate, index) =>
      judgeLink(certificate, index, { field: 'certificate', now: facts.now }),
    ),
    ...ca.chain.flatMap((certificate, index) =>
      judgeLink(certificate, index + 1, { field: 'caCertificate', now: facts.now }),
    ),
    ...(server.chain[0] === undefined ? [] : judgeServer(server.chain[0], facts.hostNames)),
    ...outgoing.findings,
    ...judgeAnchors(outgoing.chain, facts.now),
  ];
}

function readField(
  files: TlsFiles,
  field: Exclude<TlsField, 'privateKey'>,
): { chain: X509Certificate[]; findings: Finding[] } {
  const pem = files[field];
  if (pem === null) return { chain: [], findings: [] };
  const chain = readChain(pem, fileWords[field]);
  const blocks = splitPem(pem, fileWords[field]);
  if (blocks.ok && blocks.value.some(isPrivateKeyBlock)) {
    // Refused even beside a certificate: certificate files are shared and kept where keys must not lie.
    const message = chain.ok ? `${fileWords[field]} holds a private key as well.` : readableMessage(chain);
    return { chain: [], findings: [finding(field, 'key-in-certificate-field', message)] };
  }
  if (chain.ok) return { chain: chain.value, findings: [] };
  return { chain: [], findings: [finding(field, 'not-a-certificate', chain.problem.message, chain.problem.hint)] };
}

function readableMessage(outcome: { ok: false; problem: { message: string } }): string {
  return outcome.problem.message;
}

function judgeKey(pem: string | null, chain: X509Certificate[] | null): Finding[] {
  if (pem === null) return [];
  const key = readPrivateKey(pem);
  if (!key.ok) {
    const { code, message, hint } = key.problem;
    if (code === 'secret-needed')
      return [finding('privateKey', 'key-encrypted', message, 'Upload it with its passphrase.')];
    return [finding('privateKey', 'not-a-usable-key', message, hint)];
  }
  if (chain === null) return [];
  const place = chain.findIndex((certificate) => spkiSha256Of(certificate) === key.value.spkiSha256);
  if (place === 0) return [];
  if (place > 0) {
    const message = `${fileWords.certificate} has its chain out of order: the certificate of this private key stands at place ${place + 1}.`;
    return [finding('certificate', 'chain-out-of-order', message, 'Put the server certificate first.')];
  }
  const message = `The private key does not match ${nameOf(chain[0])}.`;
  return [finding('privateKey', 'key-mismatch', message, 'Upload the key that this certificate was made for.')];
}

/** Each certificate must have been issued by the next one (RFC 5246 §7.4.2). */
function judgeOrder(server: X509Certificate[], ca: X509Certificate[]): Finding[] {
  const chain = joinChain(server, ca);
  for (let index = 0; index + 1 < chain.length; index++) {
    const [certificate, issuer] = [chain[index], chain[index + 1]];
    if (certificate === undefined || issuer === undefined || isIssuedBy(certificate, issuer)) continue;
    const field = index + 1 < server.length || server.length === 0 ? 'certificate' : 'caCertificate';
    const message = `${fileWords[field]}: the chain is out of order. ${nameOf(certificate)} was not issued by ${nameOf(issuer)}, which follows it.`;
    return [finding(field, 'chain-out-of-order', message, 'Server first, then each issuer in turn.')];
  }
  return [];
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** What holds for every certificate that is served. `index` 0 is the server's own. */
function judgeLink(certificate: X509Certificate, index: number, about: { field: TlsField; now: Date }): Finding[] {
  const { field, now } = about;
  const words = `${fileWords[field]}: ${nameOf(certificate)}`;
  const findings = judgeTime(certificate, { field, now, words });
  const weakness = weaknessOf(certificate.publicKey);
  if (weakness !== null) findings.push(finding(field, 'key-weak', `${words} has a weak key: it ${weakness}.`));
  const hash = brokenHashOf(certificate);
  // Nobody checks the signature of a root: it is trusted for being known.
  const isRoot = index > 0 && certificate.checkIssued(certificate);
  if (hash !== null && !isRoot) {
    findings.push(
      finding(
        field,
        'signature-weak',
        `${words} is signed with ${hash}, which can be forged.`,
        'Have it issued anew with SHA-256.',
      ),
    );
  }
  return findings;
}

function judgeTime(certificate: X509Certificate, about: { field: TlsField; now: Date; words: string }): Finding[] {
  const { field, now, words } = about;
  const begins = new Date(certificate.validFrom);
  const ends = new Date(certificate.validTo);
  if (ends < now) return [finding(field, 'certificate-expired', `${words} expired on ${dayOf(ends)}.`, 'Renew it.')];
  if (begins > now) {
    const hint = 'Wait, or check the clock of this computer.';
    return [finding(field, 'certificate-not-yet-valid', `${words} is not valid before ${begins.toISOString()}.`, hint)];
  }
  const daysLeft = Math.floor((ends.getTime() - now.getTime()) / dayMilliseconds);
  if (daysLeft >= soonDays) return [];
  const message = `${words} expires in ${daysLeft === 1 ? '1 day' : `${daysLeft} days`}, on ${dayOf(ends)}.`;
  return [{ ...finding(field, 'certificate-expires-soon', message, 'Renew it.'), severity: 'warning' }];
}

/** Warnings: the certificate can be served, but clients that verify it may turn away. */
function judgeServer(certificate: X509Certificate, hostNames: string[]): Finding[] {
  const findings: Finding[] = [];
  const matches = hostNames.some((name) => (isAddress(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
  if (hostNames.length > 0 && !matches) {
    const message = `${fileWords.certificate}: no name of ${nameOf(certificate)} matches ${hostNames.join(' or ')}.`;
    findings.push({ ...finding('certificate', 'name-mismatch', message), severity: 'warning' });
  }
  // Node's `keyUsage` holds the extended key usage (RFC 5280 §4.2.1.12); absent means any.
  const usages: string[] | undefined = certificate.keyUsage;
  if (usages !== undefined && !usages.includes(serverAuthentication) && !usages.includes(anyUsage)) {
    const message = `${fileWords.certificate}: ${nameOf(certificate)} was not issued for servers.`;
    findings.push({ ...finding('certificate', 'not-for-servers', message), severity: 'warning' });
  }
  return findings;
}

const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const anyUsage = '2.5.29.37.0';

/** Trust anchors stand side by side in any order; useless only when none is in time. */
function judgeAnchors(anchors: X509Certificate[], now: Date): Finding[] {
  const expired = anchors.filter((anchor) => new Date(anchor.validTo) < now);
  const severity = expired.length === anchors.length ? 'error' : 'warning';
  return expired.map((anchor) => {
    const message = `${fileWords.outgoingCa}: ${nameOf(anchor)} expired on ${dayOf(new Date(anchor.validTo))}.`;
    return { ...finding('outgoingCa', 'certificate-expired', message, 'Replace it.'), severity };
  });
}

function nameOf(certificate: X509Certificate | undefined): string {
  return oneLine(certificate?.subject) || certificate?.subjectAltName || 'a certificate without a name';
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d+(\.\d+){3}$/.test(name);
}

function finding(field: TlsField, code: string, message: string, hint?: string): Finding {
  const found = { severity: 'error', code, field: `connections.tls.${field}`, message } as const;
  return hint === undefined ? found : { ...found, hint };
}
