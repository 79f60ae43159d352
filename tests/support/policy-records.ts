// DNS records of domains that publish policies, and the digests that TLSA records hold.
import { createHash, X509Certificate } from 'node:crypto';

type Pem = { certificate: string };

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** For selector 1, matching type 1. */
export function keyDigest({ certificate }: Pem): string {
  return sha256(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }));
}

/** For selector 0, matching type 1. */
export function certificateDigest({ certificate }: Pem): string {
  return sha256(new X509Certificate(certificate).raw);
}

/** MX, address and TLSA of one domain; `port` is where its server listens. */
export function mailRecords({ name, port, tlsa }: { name: string; port: number; tlsa: string[] }): string[] {
  const records = tlsa.map((data) => `_${port}._tcp.mx.${name} IN TLSA ${data}`);
  return [`${name} IN MX 10 mx.${name}`, `mx.${name} IN A 127.0.0.1`, ...records];
}

/** What announces an MTA-STS policy. */
export function stsRecords(name: string): string[] {
  return [`mta-sts.${name} IN A 127.0.0.1`, `_mta-sts.${name} IN TXT "v=STSv1; id=20260101;"`];
}
