// The chain that is served: server first, the CA file behind it, nothing twice, and no key ever.
import { afterAll, describe, expect, it } from 'vitest';
import { servedChain } from '#certificates/served-chain';
import { makeChain, OpenSsl } from '../../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const { root, intermediate, server } = makeChain(openssl);

describe('servedChain', () => {
  it('is the certificate file where there is no CA file', () => {
    expect(servedChain(server.certificate, null)).toBe(server.certificate);
  });

  it('appends the CA file', () => {
    expect(servedChain(server.certificate, intermediate.certificate + root.certificate)).toBe(
      server.certificate + intermediate.certificate + root.certificate,
    );
  });

  it('serves nothing twice', () => {
    const chain = server.certificate + intermediate.certificate;

    expect(servedChain(chain, intermediate.certificate)).toBe(chain);
  });

  it('never holds a private key', () => {
    expect(servedChain(server.key + server.certificate, null)).toBe(server.certificate);
  });
});
