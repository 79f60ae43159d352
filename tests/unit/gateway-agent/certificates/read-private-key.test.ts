// Every form in which a private key comes, made by openssl, and what is said of those that are not taken.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { readCertificate } from '#certificates/read-certificate';
import { readPrivateKey } from '#certificates/read-private-key';
import { OpenSsl } from '../../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const rsa = openssl.rsaKey();
const ec = openssl.ecKey();
const certificate = openssl.certificate({ subject: '/CN=mx.example.net', key: ec });

function spkiOf(key: string): string {
  const der = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

function problemOf(pem: string, passphrase?: string): string {
  const read = readPrivateKey(pem, passphrase);
  return read.ok ? 'taken' : `${read.problem.code}: ${read.problem.message}`;
}

describe('readPrivateKey', () => {
  it.each([
    ['PKCS#8 RSA', rsa, 'RSA 2048'],
    ['PKCS#1', openssl.convert(rsa, 'rsa', '-traditional'), 'RSA 2048'],
    ['PKCS#8 EC', ec, 'EC P-256'],
    ['SEC1', openssl.convert(ec, 'ec'), 'EC P-256'],
    ['SEC1 behind its parameters', openssl.run('ecparam', '-name', 'secp384r1', '-genkey'), 'EC P-384'],
    ['P-521', openssl.ecKey('P-521'), 'EC P-521'],
    ['Ed25519', openssl.run('genpkey', '-algorithm', 'ED25519'), 'Ed25519'],
    ['CRLF', rsa.replaceAll('\n', '\r\n'), 'RSA 2048'],
    ['a byte order mark and blanks', `\ufeff\n${rsa.replaceAll('\n', '  \n')}`, 'RSA 2048'],
    ['text around it', `Bag Attributes\n  friendlyName: mx\n${rsa}\nthe end\n`, 'RSA 2048'],
    ['a bundle with the certificate', `${certificate}${ec}`, 'EC P-256'],
  ])('reads %s and normalises it to PKCS#8', (_, pem, keyType) => {
    const read = readPrivateKey(pem);

    expect(read).toMatchObject({ ok: true, value: { keyType } });
    expect(read.ok && read.value.pkcs8).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
    expect(read.ok && read.value.spkiSha256).toBe(read.ok && spkiOf(read.value.pkcs8));
  });

  it('gives the same text for every form of one key, so that its hash is one', () => {
    const forms = [rsa, openssl.convert(rsa, 'rsa', '-traditional'), rsa.replaceAll('\n', '\r\n')].map((pem) =>
      readPrivateKey(pem),
    );

    expect(new Set(forms.map((read) => read.ok && read.value.pkcs8)).size).toBe(1);
  });

  it('agrees with the certificate that belongs to the key', () => {
    const key = readPrivateKey(ec);
    const read = readCertificate(certificate);

    expect(key.ok && key.value.spkiSha256).toBe(read.ok && read.value.spkiSha256);
  });

  const encrypted: [string, string][] = [
    ['PKCS#8', openssl.convert(rsa, 'pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:correct horse')],
    ['PKCS#8 with scrypt', openssl.convert(ec, 'pkcs8', '-topk8', '-scrypt', '-passout', 'pass:correct horse')],
    ['PKCS#1', openssl.convert(rsa, 'rsa', '-traditional', '-aes256', '-passout', 'pass:correct horse')],
    ['SEC1', openssl.convert(ec, 'ec', '-aes128', '-passout', 'pass:correct horse')],
    ['PKCS#1 with triple DES', openssl.convert(rsa, 'rsa', '-traditional', '-des3', '-passout', 'pass:correct horse')],
    ['SEC1 with CRLF', openssl.convert(ec, 'ec', '-aes256', '-passout', 'pass:correct horse').replaceAll('\n', '\r\n')],
  ];

  it.each(encrypted)('opens encrypted %s with its passphrase', (_, pem) => {
    const read = readPrivateKey(pem, 'correct horse');

    expect(read.ok && [rsa, ec].map(spkiOf)).toContain(read.ok && read.value.spkiSha256);
    expect(read.ok && read.value.pkcs8).not.toContain('ENCRYPTED');
  });

  it.each(encrypted)('asks for the passphrase of encrypted %s', (_, pem) => {
    expect(problemOf(pem)).toBe('secret-needed: The private key is encrypted.');
  });

  it.each(encrypted)('says that a wrong passphrase does not open encrypted %s', (_, pem) => {
    for (const wrong of ['', 'wrong', 'correct horse ', 'x'.repeat(2000)]) {
      expect(problemOf(pem, wrong)).toBe('certificate-rejected: The passphrase does not open the private key.');
    }
  });

  it('does not need the passphrase that it is given for a key in clear', () => {
    expect(readPrivateKey(rsa, 'unneeded').ok).toBe(true);
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['text', 'no key at all', 'is not PEM'],
    ['DER', openssl.convert(rsa, 'pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'), 'is binary'],
    ['a certificate', certificate, 'holds a certificate, not a private key'],
    ['a public key', openssl.convert(rsa, 'pkey', '-pubout'), 'holds only PUBLIC KEY'],
    ['a cut-off file', rsa.slice(0, 900), 'is cut off'],
    ['damage', rsa.replace(/\n[A-Za-z]/, '\n*'), 'is damaged'],
    ['two keys', rsa + ec, 'holds 2 private keys'],
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n',
      'OpenSSH format',
    ],
    ['RSA with 1024 bits', openssl.rsaKey(1024), 'only 1024 bits'],
    ['a curve that TLS does not take', openssl.ecKey('secp256k1'), 'curve secp256k1'],
    ['a key for signing nothing', openssl.run('genpkey', '-algorithm', 'X25519'), 'kind X25519'],
    ['over 1 MB', 'x'.repeat(1024 * 1024 + 1), 'over 1 MB'],
  ])('refuses %s and says so', (_, pem, words) => {
    expect(problemOf(pem)).toMatch(/^certificate-rejected: The private key/);
    expect(problemOf(pem)).toContain(words);
  });

  it('puts neither key nor passphrase into a problem', () => {
    const pem = encrypted[0]![1];
    const read = readPrivateKey(pem, 'a wrong secret');

    expect(JSON.stringify(read)).not.toContain('a wrong secret');
    expect(JSON.stringify(read)).not.toContain(pem.split('\n')[1]!);
  });
});
