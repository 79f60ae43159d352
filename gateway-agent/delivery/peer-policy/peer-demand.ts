// What a published policy asks of the connection to one server, and how its certificates are judged after the handshake.
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { judgeTlsa } from './tlsa.ts';
import type { DaneAnswer } from './find-dane.ts';

/** TLS is a must; `judge` gives null where the server is who it should be, else why not. */
export type PeerDemand = {
  /** False: only reported, mail goes on as the configuration says. */
  isEnforced: boolean;
  /** The name in the handshake, and for certificates of the web. */
  servername: string;
  /** RFC 8461 §4.2 wants a certificate that the web trusts; DANE has its own trust. */
  needsWebTrust: boolean;
  judge(socket: TLSSocket): string | null;
  /** Tells the operator; gives the words for the queue. */
  onBroken(why: string): string;
};

/** A chain of 10 is longer than any in use; a loop ends here too. */
const maxChain = 10;

/** Without usable records TLS is a must, and nobody is verified: RFC 7672 §2.2. */
export function judgeByDane(socket: TLSSocket, dane: Extract<DaneAnswer, { kind: 'found' }>): string | null {
  if (dane.records.length === 0) return null;
  return judgeTlsa(chainOf(socket), { ...dane, now: new Date() });
}

/** In order from the server's own certificate to the last one that it sent. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw !== undefined && chain.length < maxChain) {
    chain.push(new X509Certificate(certificate.raw));
    const next: DetailedPeerCertificate | undefined = certificate.issuerCertificate;
    certificate = next === certificate ? undefined : next;
  }
  return chain;
}

const webProblems: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that nobody knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that nobody knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that nobody knows',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What the handshake found of the web's trust; the names were compared in it. */
export function judgeByWebTrust(socket: TLSSocket): string | null {
  if (socket.authorized) return null;
  const code = String(socket.authorizationError);
  return webProblems[code] ?? `its certificate is not valid (${code})`;
}
