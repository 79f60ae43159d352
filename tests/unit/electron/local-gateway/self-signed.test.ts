import { X509Certificate, createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSelfSigned } from '../../../../electron/local-gateway/self-signed.ts';
import { judgeTls } from '../../../../gateway-agent/certificates/judge-tls.ts';

describe('createSelfSigned', () => {
  it('makes what node:crypto reads, verifies and matches with the key', () => {
    const { privateKey, certificate } = createSelfSigned(['localhost', 'mx1.test'], new Date());
    const read = new X509Certificate(certificate);

    expect(read.subject).toBe('CN=localhost');
    expect(read.subjectAltName).toBe('DNS:localhost, DNS:mx1.test');
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  });

  it('raises no finding of a gateway, fifty times over', () => {
    const now = new Date();
    for (let round = 0; round < 50; round += 1) {
      const { privateKey, certificate } = createSelfSigned(['localhost'], now);
      const files = { certificate, privateKey, caCertificate: null, outgoingCa: null };
      expect(judgeTls(files, { hostNames: ['localhost'], now })).toEqual([]);
    }
  });
});
