// Certificate files as they come: alone, as a chain, in a bundle, damaged, or something else altogether.
import { afterAll, describe, expect, it } from 'vitest';
import { readCertificate } from '#certificates/read-certificate';
import { makeChain, OpenSsl } from '../../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const { root, intermediate, server } = makeChain(openssl);

function problemOf(pem: string): string {
  const read = readCertificate(pem);
  return read.ok ? 'taken' : `${read.problem.code}: ${read.problem.message}`;
}

describe('readCertificate', () => {
  it('says what the screen shows, as openssl says it', () => {
    const read = readCertificate(server.certificate + intermediate.certificate);
    const [fingerprint, ends] = openssl
      .convert(server.certificate, 'x509', '-noout', '-fingerprint', '-sha256', '-enddate')
      .split('\n');

    expect(read).toMatchObject({
      ok: true,
      value: {
        facts: {
          subject: 'O=Example, CN=mx.example.net',
          names: ['mx.example.net', '*.mx.example.net', '192.0.2.1', '2001:db8::1'],
          issuer: 'CN=Example Intermediate',
          keyType: 'EC P-256',
          fingerprint: fingerprint?.split('=')[1],
          chainLength: 2,
        },
      },
    });
    expect(read.ok && read.value.facts.notAfter).toBe(new Date(ends?.split('=')[1] ?? '').toISOString());
    expect(read.ok && read.value.facts.notBefore).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/);
  });

  it.each([
    ['CRLF', server.certificate.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${server.certificate}`],
    ['the text form before it', openssl.convert(server.certificate, 'x509', '-text')],
    ['its private key beside it', server.key + server.certificate],
    ['the old label', server.certificate.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ])('normalises a file with %s to the certificate alone', (_, pem) => {
    const read = readCertificate(pem);

    expect(read.ok && read.value.pem).toBe(server.certificate);
  });

  it('keeps the order of a chain', () => {
    const chain = server.certificate + intermediate.certificate + root.certificate;
    const read = readCertificate(chain);

    expect(read.ok && read.value.pem).toBe(chain);
    expect(read.ok && read.value.facts.chainLength).toBe(3);
  });

  it('reads names that try to look like two', () => {
    const tricky = openssl.certificate({
      subject: '/CN=mx.example.net',
      key: server.key,
      extensions: [
        'subjectAltName=@names',
        '[names]',
        'DNS.1=a.example\\, DNS:b.example',
        'email.1=post@example.net',
        'DNS.2=c.example',
      ],
    });
    const read = readCertificate(tricky);

    expect(read.ok && read.value.facts.names).not.toContain('b.example');
    expect(read.ok && read.value.facts.names).toContain('c.example');
    expect(read.ok && read.value.facts.names).toHaveLength(2);
  });

  it('takes a certificate without any name', () => {
    const nameless = openssl.certificate({ subject: '/', key: server.key });

    expect(readCertificate(nameless)).toMatchObject({ ok: true, value: { facts: { subject: '', names: [] } } });
  });

  it.each([
    ['nothing', ' \n', 'is empty'],
    ['text', 'certificate', 'is not PEM'],
    ['DER', openssl.convert(server.certificate, 'x509', '-outform', 'DER'), 'is binary'],
    ['a private key', server.key, 'holds a private key, not a certificate'],
    [
      'an encrypted private key',
      openssl.convert(server.key, 'pkcs8', '-topk8', '-passout', 'pass:x'),
      'holds a private key',
    ],
    [
      'a request',
      openssl.run('req', '-new', '-key', openssl.write(server.key), '-subj', '/CN=x'),
      'holds only CERTIFICATE REQUEST',
    ],
    ['a cut-off file', server.certificate.slice(0, 400), 'is cut off'],
    ['a second one that is cut off', server.certificate + intermediate.certificate.slice(0, 300), 'is cut off'],
    ['a block inside a block', `${server.certificate.slice(0, 400)}\n${server.certificate}`, 'is cut off'],
    ['damage', server.certificate.replace(/\nM/, '\nA'), 'certificate 1 of 1 is damaged'],
    [
      'damage further on',
      server.certificate + intermediate.certificate.replace(/\nM/, '\nA'),
      'certificate 2 of 2 is damaged',
    ],
  ])('refuses %s and says so', (_, pem, words) => {
    expect(problemOf(pem)).toMatch(/^certificate-rejected: The certificate file/);
    expect(problemOf(pem)).toContain(words);
  });
});
