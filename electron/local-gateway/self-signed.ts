// A certificate that signs itself, for a gateway on this computer: node:crypto signs, but writes no certificates, and
// the few structures of RFC 5280 that are needed are shorter than a library.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export type KeyAndCertificate = { privateKey: string; certificate: string };

const dayMilliseconds = 86_400_000;
/** Short-lived like the gateway itself, and long enough to raise no warning about its end (30 days). */
const validDays = 90;

/** EC P-256, for these DNS names; the first one is the common name. The key is new each time and never stored here. */
export function createSelfSigned(names: readonly string[], now: Date): KeyAndCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(oid.commonName, text(0x0c, names[0] ?? 'localhost'))));
  const altNames = sequence(...names.map((each) => text(0x82, each))); // [2] dNSName
  const extensions = sequence(sequence(oid.subjectAltName, element(0x04, altNames)));
  const toBeSigned = sequence(
    element(0xa0, integer(Buffer.of(2))), // version 3
    integer(randomBytes(16)),
    sequence(oid.ecdsaWithSha256),
    name,
    sequence(
      time(new Date(now.getTime() - dayMilliseconds)),
      time(new Date(now.getTime() + validDays * dayMilliseconds)),
    ),
    name,
    spki,
    element(0xa3, extensions),
  );
  const signature = sign('sha256', toBeSigned, pair.privateKey);
  const der = sequence(toBeSigned, sequence(oid.ecdsaWithSha256), element(0x03, Buffer.of(0), signature));
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: toPem(der),
  };
}

const oid = {
  commonName: Buffer.from('0603550403', 'hex'), // 2.5.4.3
  subjectAltName: Buffer.from('0603551d11', 'hex'), // 2.5.29.17
  ecdsaWithSha256: Buffer.from('06082a8648ce3d040302', 'hex'), // 1.2.840.10045.4.3.2
};

/** Tag, length, content: X.690 §8.1. */
function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), content]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, ...parts);
}

function set(...parts: Buffer[]): Buffer {
  return element(0x31, ...parts);
}

function text(tag: number, value: string): Buffer {
  return element(tag, Buffer.from(value, 'utf8'));
}

/** Positive and as short as can be, X.690 §8.3.2: no leading zero octet unless the next one has its high bit set. */
function integer(bytes: Buffer): Buffer {
  const value = Buffer.from(bytes);
  if (value.length > 1) value[0] = ((value[0] ?? 0) & 0x7f) | 0x40;
  return element(0x02, value);
}

/** UTCTime, right until 2049. */
function time(date: Date): Buffer {
  const digits = date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return text(0x17, digits.slice(2));
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
