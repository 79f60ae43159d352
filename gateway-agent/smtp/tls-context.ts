// Builds the TLS context that STARTTLS serves, and proves it before anybody can meet it. smtp-server's own reload
// empties its contexts before it fails, so it is never used: only a finished context is ever swapped in.
import { createSecureContext, type SecureContext } from 'node:tls';
import { done, failed, type Outcome } from '#contract/outcome';

/** TLS 1.2 with an ephemeral key exchange and AEAD only; TLS 1.3 has nothing else. RFC 9325 §4.2. */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** A context ready to be served, or why these files cannot be: the old context is not touched by the attempt. */
export function buildTlsContext(files: { chain: string; privateKey: string }): Outcome<SecureContext> {
  try {
    return done(
      createSecureContext({
        cert: files.chain,
        key: files.privateKey,
        minVersion: 'TLSv1.2',
        ciphers,
        honorCipherOrder: true,
      }),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    return failed('certificate-rejected', `The certificate and key cannot be served: ${reason}`);
  }
}
