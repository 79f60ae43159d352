// Whether a mail server publishes TLSA records that count: RFC 7672 §2.2. Only validated answers count, and an answer
// that fails to validate is never taken for "there are none".
import type { TlsaData } from 'dns-packet';
import { tlsaOf, type DnsClient } from './dns-client.ts';
import { usableTlsa } from './tlsa.ts';

/** `base` is the name for TLS; `records` are usable ones: without any, TLS is a must and nobody is verified. */
export type DaneAnswer =
  | { kind: 'none' }
  | { kind: 'found'; base: string; names: string[]; records: TlsaData[] }
  | { kind: 'failed'; words: string };

/** A server of a destination; `domain` is what its MX records were asked for. */
export type DaneQuestion = { domain: string; host: string; port: number };

/** Never rejects. */
export async function findDane(dns: DnsClient, { domain, host, port }: DaneQuestion): Promise<DaneAnswer> {
  const mx = await dns.ask(domain, 'MX');
  if (mx.kind === 'failed') return mx;
  if (!mx.isAuthentic) return { kind: 'none' }; // §2.2.1: whoever forged the MX would also name the TLSA records
  const addresses = await Promise.all([dns.ask(host, 'A'), dns.ask(host, 'AAAA')]);
  const secure = addresses.find((reply) => reply.kind === 'found' && reply.isAuthentic);
  if (secure?.kind !== 'found') {
    const failure = addresses.find((reply) => reply.kind === 'failed');
    const isKnown = addresses.some((reply) => reply.kind === 'found');
    return failure && !isKnown ? failure : { kind: 'none' };
  }
  const bases = new Set([secure.owner, host.toLowerCase()]); // §2.2.2: the end of an alias first
  for (const base of bases) {
    const tlsa = await dns.ask(`_${port}._tcp.${base}`, 'TLSA');
    if (tlsa.kind === 'failed') return tlsa;
    if (tlsa.kind === 'none') continue;
    if (!tlsa.isAuthentic) return { kind: 'none' };
    const names = [...new Set([base, host.toLowerCase(), domain.toLowerCase()])]; // §3.2.2
    return { kind: 'found', base, names, records: usableTlsa(tlsaOf(tlsa.records)) };
  }
  return { kind: 'none' };
}
