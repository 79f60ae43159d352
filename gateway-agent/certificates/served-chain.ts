// Puts the served chain together: the certificate file, then what the CA file adds to it.
import type { X509Certificate } from 'node:crypto';
import { readChain } from './read-certificate.ts';

/**
 * The PEM that the listener serves: server first, no certificate twice. Files that cannot be read add nothing;
 * judgeTls has refused them before.
 */
export function servedChain(certificate: string, caCertificate: string | null): string {
  const server = readChain(certificate, 'The certificate file');
  const ca = caCertificate === null ? null : readChain(caCertificate, 'The CA certificate file');
  const chain = joinChain(server.ok ? server.value : [], ca?.ok ? ca.value : []);
  return chain.map((link) => `${link.toString().trimEnd()}\n`).join('');
}

/** A CA file often repeats what the certificate file already holds. */
export function joinChain(server: readonly X509Certificate[], ca: readonly X509Certificate[]): X509Certificate[] {
  const seen = new Set<string>();
  return [...server, ...ca].filter(({ fingerprint256 }) => !seen.has(fingerprint256) && seen.add(fingerprint256));
}
