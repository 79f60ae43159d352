// TLSA records: which of them count in SMTP (RFC 7672 §3.1), and whether a server's certificates meet one. Pure.
import { createHash, type X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import type { TlsaData } from 'dns-packet';

/** RFC 7672 §3.1.3: PKIX-TA(0) and PKIX-EE(1) are not for SMTP. */
const trustAnchor = 2;
const endEntity = 3;

const wholeCertificate = 0;
const publicKeyOnly = 1;

/** RFC 6698 §2.1.3, with the length of a digest. */
const exact = 0;
const digests: Record<number, { name: string; bytes: number }> = {
  1: { name: 'sha256', bytes: 32 },
  2: { name: 'sha512', bytes: 64 },
};

/** RFC 5280 §4.2.1.12. */
const forServers = '1.3.6.1.5.5.7.3.1';

/** Records that this agent can use; of several digests for the same purpose only the strongest (RFC 7671 §9). */
export function usableTlsa(records: readonly TlsaData[]): TlsaData[] {
  const known = records.filter(isKnown);
  return known.filter(({ usage, selector, matchingType }) => {
    if (matchingType === exact) return true;
    const rivals = known.filter((other) => other.usage === usage && other.selector === selector);
    return rivals.every((other) => other.matchingType <= matchingType);
  });
}

function isKnown({ usage, selector, matchingType, certificate }: TlsaData): boolean {
  if (usage !== trustAnchor && usage !== endEntity) return false;
  if (selector !== wholeCertificate && selector !== publicKeyOnly) return false;
  if (matchingType === exact) return certificate.length > 0;
  return digests[matchingType]?.bytes === certificate.length;
}

/** What a server must show. `names`: one of them must be in its certificate where a trust anchor vouches for it. */
export type TlsaDemand = { records: readonly TlsaData[]; names: readonly string[]; now: Date };

/** `chain` as the server sent it, its own certificate first. Null: met. Otherwise why not, in words. */
export function judgeTlsa(chain: readonly X509Certificate[], { records, names, now }: TlsaDemand): string | null {
  const [leaf] = chain;
  if (!leaf) return 'it showed no certificate';
  // RFC 7672 §3.1.1: with DANE-EE neither names nor dates are looked at.
  if (records.some((record) => record.usage === endEntity && isMatch(leaf, record))) return null;
  const anchors = records.filter(({ usage }) => usage === trustAnchor);
  const depth = chain.findIndex((certificate) => anchors.some((record) => isMatch(certificate, record)));
  if (depth < 0) return 'no TLSA record matches its certificate';
  return judgePath(chain.slice(0, depth + 1), now) ?? judgeLeaf(leaf, names);
}

function isMatch(certificate: X509Certificate, { selector, matchingType, certificate: wanted }: TlsaData): boolean {
  const bytes =
    selector === wholeCertificate ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const digest = digests[matchingType];
  return (digest ? createHash(digest.name).update(bytes).digest() : bytes).equals(wanted);
}

/** From the leaf to the anchor, each signed by the next, all of them in force. */
function judgePath(path: readonly X509Certificate[], now: Date): string | null {
  for (const [index, certificate] of path.entries()) {
    if (certificate.validFromDate > now) return 'a certificate of its chain is not valid yet';
    if (certificate.validToDate < now) return 'a certificate of its chain has expired';
    const issuer = path[index + 1];
    if (!issuer) continue;
    const isSigned = issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    if (!isSigned) return 'its chain does not lead to the trust anchor that DANE names';
  }
  return null;
}

function judgeLeaf(leaf: X509Certificate, names: readonly string[]): string | null {
  // Node calls the extended key usage keyUsage; undefined where the certificate has none.
  const purposes: readonly string[] | undefined = leaf.keyUsage;
  if (purposes && purposes.length > 0 && !purposes.includes(forServers)) return 'its certificate is not for servers';
  const legacy = leaf.toLegacyObject();
  if (names.some((name) => checkServerIdentity(name, legacy) === undefined)) return null;
  return `its certificate does not name ${names.join(' or ')}`;
}
