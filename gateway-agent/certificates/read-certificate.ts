// Reads a certificate file: PEM with one certificate or a chain. Whether it is fit to serve judge-tls.ts decides.
import { X509Certificate } from 'node:crypto';
import { formatAddress, parseAddress } from '#contract/addresses';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts } from '#contract/replies';
import { sha256Of } from './hash.ts';
import { keyTypeOf } from './key-type.ts';
import { isCertificateBlock, isPrivateKeyBlock, splitPem } from './split-pem.ts';

/** What a certificate file holds. `pem` has its certificates only, so a private key beside them stays behind. */
export type ReadCertificate = { facts: CertificateFacts; spkiSha256: string; pem: string };

/** Facts about the first certificate; refuses what is not PEM, holds no certificate or cannot be read. */
export function readCertificate(pem: string): Outcome<ReadCertificate> {
  const chain = readChain(pem, 'The certificate file');
  if (!chain.ok) return chain;
  const first = chain.value[0];
  if (first === undefined) return failed('certificate-rejected', 'The certificate file holds no certificate.');
  return done({
    facts: factsOf(first, chain.value.length),
    spkiSha256: spkiSha256Of(first),
    pem: chain.value.map(toPem).join(''),
  });
}

/** The certificates of a file in their order, at least one; `fileWords` names the file in the refusal. */
export function readChain(pem: string, fileWords: string): Outcome<X509Certificate[]> {
  const blocks = splitPem(pem, fileWords);
  if (!blocks.ok) return blocks;
  const certificates = blocks.value.filter(isCertificateBlock);
  if (certificates.length === 0) {
    const isKey = blocks.value.some(isPrivateKeyBlock);
    const found = isKey ? 'a private key' : `only ${blocks.value[0]?.label ?? 'nothing'}`;
    return failed(
      'certificate-rejected',
      `${fileWords} holds ${found}, not a certificate.`,
      isKey ? swapHint : undefined,
    );
  }
  const chain: X509Certificate[] = [];
  for (const [index, block] of certificates.entries()) {
    const certificate = parseCertificate(block.text);
    if (certificate === null) {
      return failed(
        'certificate-rejected',
        `${fileWords}: certificate ${index + 1} of ${certificates.length} is damaged.`,
      );
    }
    chain.push(certificate);
  }
  return done(chain);
}

const swapHint = 'Put the private key into the field Private key.';

/** node:crypto throws on what it cannot parse, and on keys it does not know only when they are asked for. */
function parseCertificate(pem: string): X509Certificate | null {
  try {
    const certificate = new X509Certificate(pem);
    keyTypeOf(certificate.publicKey);
    return certificate;
  } catch {
    return null;
  }
}

function toPem(certificate: X509Certificate): string {
  return `${certificate.toString().trimEnd()}\n`;
}

function factsOf(certificate: X509Certificate, chainLength: number): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    names: namesOf(certificate),
    issuer: oneLine(certificate.issuer),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    keyType: keyTypeOf(certificate.publicKey),
    fingerprint: certificate.fingerprint256,
    chainLength,
  };
}

/** SHA-256 of the public key, to see whether a private key belongs to it. */
export function spkiSha256Of(certificate: X509Certificate): string {
  return sha256Of(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

/** The subject for a sentence; it may be empty where there are alternative names. */
export function nameOf(certificate: X509Certificate | undefined): string {
  return oneLine(certificate?.subject) || certificate?.subjectAltName || 'a certificate without a name';
}

/** Node writes one attribute a line. */
function oneLine(distinguishedName: string | undefined): string {
  return (distinguishedName ?? '').split('\n').filter(Boolean).join(', ');
}

/** DNS names and addresses. Node quotes a name that holds a comma, so that none can pretend to be two. */
function namesOf(certificate: X509Certificate): string[] {
  const listed = certificate.subjectAltName?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return listed.flatMap((item) => {
    const [, kind, name] = /^(DNS|IP Address):(.+)$/.exec(item.trim()) ?? [];
    if (name === undefined) return [];
    const address = kind === 'DNS' ? null : parseAddress(name);
    return [address === null || 'reason' in address ? name : formatAddress(address)];
  });
}
