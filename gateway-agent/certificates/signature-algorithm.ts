// Which hash a certificate was signed with. X509Certificate tells it only from Node 24.9 on, and the desktop may run
// on Node 18, so the few bytes of DER are read here.
import type { X509Certificate } from 'node:crypto';

/** Object identifiers of signatures over SHA-1 and MD5, as hexadecimal DER. */
const brokenSignatures: Readonly<Record<string, string>> = {
  '2a864886f70d010105': 'SHA-1',
  '2b0e03021d': 'SHA-1',
  '2a8648ce3d0401': 'SHA-1',
  '2a8648ce380403': 'SHA-1',
  '2a864886f70d010104': 'MD5',
  '2a864886f70d010102': 'MD2',
};

const rsaPss = '2a864886f70d01010a';
/** 2.16.840.1.101.3.4.2: the arc of SHA-2 and SHA-3. */
const soundHashes = '6086480165030402';

/** 'SHA-1' or 'MD5' where the signature can be forged; null where it cannot. */
export function brokenHashOf(certificate: X509Certificate): string | null {
  const der = certificate.raw;
  const outer = readHeader(der, 0);
  const signed = readHeader(der, outer.content); // tbsCertificate
  const algorithm = readHeader(der, signed.end);
  const identifier = readHeader(der, algorithm.content);
  const oid = der.subarray(identifier.content, identifier.end).toString('hex');
  if (oid !== rsaPss) return brokenSignatures[oid] ?? null;
  // RFC 4055 §3.1: without parameters RSASSA-PSS means SHA-1.
  const parameters = der.subarray(identifier.end, algorithm.end).toString('hex');
  return parameters.includes(soundHashes) ? null : 'SHA-1';
}

/** X.690 §8.1.3: one length byte, or the count of length bytes with the top bit set. */
function readHeader(der: Buffer, at: number): { content: number; end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { content: at + 2, end: at + 2 + first };
  const lengthBytes = first & 0x7f;
  const length = der.readUIntBE(at + 2, lengthBytes);
  return { content: at + 2 + lengthBytes, end: at + 2 + lengthBytes + length };
}
