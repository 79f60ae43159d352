// Judges the TLS files of a release: is each one what its field asks for, do they belong together, are they sound
// and in time. The desktop asks before it sends, the gateway again before it serves.
import type { X509Certificate } from 'node:crypto';
import type { Outcome } from '#contract/outcome';
import type { Finding } from '#contract/replies';
import { judgeAnchors, judgeLink, judgeServer } from './judge-certificate.ts';
import { nameOf, readChain, spkiSha256Of } from './read-certificate.ts';
import { readPrivateKey, type ReadPrivateKey } from './read-private-key.ts';
import { joinChain } from './served-chain.ts';
import { isPrivateKeyBlock, splitPem } from './split-pem.ts';
import { fileWords, refuseFile, type TlsField } from './tls-finding.ts';

/** The content of each field, or null where it is empty. */
export type TlsFiles = Record<TlsField, string | null>;

/** Errors refuse the release; a field without a file is not judged here. */
export function judgeTls(files: TlsFiles, facts: { hostNames: string[]; now: Date }): Finding[] {
  const server = readField('certificate', files.certificate);
  const ca = readField('caCertificate', files.caCertificate);
  const outgoing = readField('outgoingCa', files.outgoingCa);
  const key = files.privateKey === null ? null : readPrivateKey(files.privateKey);
  const place = key?.ok ? placeOf(key.value.spkiSha256, server.chain) : 0;
  const { now, hostNames } = facts;
  return [
    ...server.findings,
    ...judgeKey(key, server.chain),
    ...ca.findings,
    ...judgeOrder(server.chain, ca.chain, place),
    ...server.chain.flatMap((link, index) => judgeLink(link, { field: 'certificate', isServer: index === 0, now })),
    ...ca.chain.flatMap((link) => judgeLink(link, { field: 'caCertificate', isServer: false, now })),
    ...judgeServer(server.chain[Math.max(0, place)], hostNames),
    ...outgoing.findings,
    ...judgeAnchors(outgoing.chain, now),
  ];
}

type ReadField = { chain: X509Certificate[]; findings: Finding[] };

function readField(field: TlsField, pem: string | null): ReadField {
  if (pem === null) return { chain: [], findings: [] };
  const chain = readChain(pem, fileWords[field]);
  const blocks = splitPem(pem, fileWords[field]);
  if (blocks.ok && blocks.value.some(isPrivateKeyBlock)) {
    // Refused even beside a certificate: certificate files are shared and kept where keys must not lie.
    const message = chain.ok ? `${fileWords[field]} holds a private key as well.` : chain.problem.message;
    const hint = 'Put the private key into the field Private key, and only certificates here.';
    return { chain: [], findings: [refuseFile(field, { code: 'key-in-certificate-field', message, hint })] };
  }
  if (chain.ok) return { chain: chain.value, findings: [] };
  return { chain: [], findings: [refuseFile(field, { ...chain.problem, code: 'not-a-certificate' })] };
}

function judgeKey(key: Outcome<ReadPrivateKey> | null, chain: X509Certificate[]): Finding[] {
  if (key === null) return [];
  if (!key.ok) {
    const code = key.problem.code === 'secret-needed' ? 'key-encrypted' : 'not-a-usable-key';
    return [refuseFile('privateKey', { ...key.problem, code })];
  }
  if (chain.length === 0 || placeOf(key.value.spkiSha256, chain) >= 0) return []; // a wrong place is the chain's fault
  return [
    refuseFile('privateKey', {
      code: 'key-mismatch',
      message: `The private key does not match the SMTP server certificate (${nameOf(chain[0])}).`,
      hint: 'Upload the key that this certificate was made for.',
    }),
  ];
}

/** Each certificate must have been issued by the next one (RFC 5246 §7.4.2), and the first be that of the key. */
function judgeOrder(server: X509Certificate[], ca: X509Certificate[], placeOfKey: number): Finding[] {
  if (placeOfKey > 0) {
    const message = `${fileWords.certificate}: the chain is out of order. The certificate of the private key stands at place ${placeOfKey + 1}.`;
    return [
      refuseFile('certificate', { code: 'chain-out-of-order', message, hint: 'Put the server certificate first.' }),
    ];
  }
  const chain = joinChain(server, ca);
  const gap = chain.findIndex((link, index) => index > 0 && !isIssuedBy(chain[index - 1], link));
  if (gap < 0) return [];
  const field = gap < server.length ? 'certificate' : 'caCertificate';
  const message = `${fileWords[field]}: the chain is out of order. ${nameOf(chain[gap - 1])} was not issued by ${nameOf(chain[gap])}, which follows it.`;
  const hint = 'Server first, then each issuer in turn.';
  return [refuseFile(field, { code: 'chain-out-of-order', message, hint })];
}

function isIssuedBy(certificate: X509Certificate | undefined, issuer: X509Certificate): boolean {
  return certificate !== undefined && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function placeOf(spkiSha256: string, chain: X509Certificate[]): number {
  return chain.findIndex((certificate) => spkiSha256Of(certificate) === spkiSha256);
}
