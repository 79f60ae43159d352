// Each check of the TLS section, with files made by openssl and the clock moved instead of the files.
import { afterAll, describe, expect, it } from 'vitest';
import { judgeTls, type TlsFiles } from '#certificates/judge-tls';
import type { Finding } from '#contract/replies';
import { makeChain, OpenSsl } from '../../../support/openssl.ts';

const openssl = new OpenSsl();
afterAll(() => openssl.remove());

const { root, intermediate, server } = makeChain(openssl);
const other = openssl.ecKey();
const day = 24 * 60 * 60 * 1000;
const today = new Date();
const nothing: TlsFiles = { certificate: null, privateKey: null, caCertificate: null, outgoingCa: null };
const chain = server.certificate + intermediate.certificate;
const sound: TlsFiles = { ...nothing, certificate: chain, privateKey: server.key };

function judge(files: Partial<TlsFiles>, facts: { hostNames?: string[]; daysFromNow?: number } = {}): Finding[] {
  const now = new Date(today.getTime() + (facts.daysFromNow ?? 1) * day);
  return judgeTls({ ...sound, ...files }, { hostNames: facts.hostNames ?? ['mx.example.net'], now });
}

function verdict(...args: Parameters<typeof judge>): string[] {
  return judge(...args).map(
    ({ severity, code, field }) => `${severity} ${code} ${field?.replace('connections.tls.', '')}`,
  );
}

function selfSigned(key: string, more: Partial<Parameters<OpenSsl['certificate']>[0]> = {}): Partial<TlsFiles> {
  return { privateKey: key, certificate: openssl.certificate({ subject: '/CN=mx.example.net', key, ...more }) };
}

describe('judgeTls', () => {
  it('finds nothing where all is well', () => {
    expect(verdict({})).toEqual([]);
    expect(verdict({ caCertificate: root.certificate })).toEqual([]);
    expect(
      verdict({ certificate: server.certificate, caCertificate: intermediate.certificate + root.certificate }),
    ).toEqual([]);
    expect(verdict({ certificate: chain + root.certificate, outgoingCa: root.certificate })).toEqual([]);
    expect(verdict(selfSigned(openssl.rsaKey()))).toEqual([]);
    expect(judgeTls(nothing, { hostNames: [], now: today })).toEqual([]);
  });

  it('takes a CA file that repeats what the chain holds', () => {
    expect(verdict({ caCertificate: intermediate.certificate })).toEqual([]);
    expect(verdict({ caCertificate: intermediate.certificate + root.certificate })).toEqual([]);
  });

  it.each([
    ['certificate', 'not-a-certificate'],
    ['caCertificate', 'not-a-certificate'],
    ['outgoingCa', 'not-a-certificate'],
    ['privateKey', 'not-a-usable-key'],
  ])('refuses what is not PEM in %s', (field, code) => {
    expect(verdict({ [field]: 'not PEM' })).toEqual([`error ${code} ${field}`]);
  });

  it('refuses a key in the certificate field and the reverse', () => {
    expect(verdict({ certificate: server.key, privateKey: server.certificate })).toEqual([
      'error key-in-certificate-field certificate',
      'error not-a-usable-key privateKey',
    ]);
  });

  it.each(['certificate', 'caCertificate', 'outgoingCa'] as const)(
    'refuses a key beside the certificates of %s',
    (field) => {
      expect(verdict({ [field]: intermediate.certificate + server.key })).toContain(
        `error key-in-certificate-field ${field}`,
      );
    },
  );

  it('refuses a key that does not match', () => {
    const findings = judge({ privateKey: other });

    expect(findings.map(({ code }) => code)).toEqual(['key-mismatch']);
    expect(findings[0]?.message).toContain('CN=mx.example.net');
  });

  it.each([
    ['the server is not first', { certificate: intermediate.certificate + server.certificate }],
    ['the root comes first', { certificate: root.certificate + intermediate.certificate + server.certificate }],
    ['a link is missing', { certificate: server.certificate + root.certificate }],
  ])('refuses a chain out of order: %s', (_, files) => {
    expect(verdict(files)).toEqual(['error chain-out-of-order certificate']);
  });

  it.each([
    ['it did not issue the certificate', root.certificate],
    ['it is upside down', root.certificate + intermediate.certificate],
  ])('refuses a CA file out of order: %s', (_, caCertificate) => {
    const certificate = server.certificate;

    expect(verdict({ certificate, caCertificate })).toEqual(['error chain-out-of-order caCertificate']);
  });

  it('refuses an issuer that only bears the right name', () => {
    const impostor = openssl.certificate({ subject: '/CN=Example Intermediate', key: other });

    expect(verdict({ certificate: server.certificate + impostor })).toEqual(['error chain-out-of-order certificate']);
  });

  it.each([
    [59, []],
    [60, ['warning certificate-expires-soon certificate']],
    [89, ['warning certificate-expires-soon certificate']],
    [91, ['error certificate-expired certificate']],
    [-1, ['error certificate-not-yet-valid certificate', 'error certificate-not-yet-valid certificate']],
  ])('judges 90 days of validity after %i days', (daysFromNow, expected) => {
    expect(verdict({}, { daysFromNow })).toEqual(expected);
  });

  it('says how many days are left', () => {
    expect(judge({}, { daysFromNow: 88.5 })[0]?.message).toMatch(/expires in 1 day, on \d{4}-/);
    expect(judge({}, { daysFromNow: 70 })[0]?.message).toContain('expires in 19 days');
  });

  it('refuses an expired issuer as well, and names it', () => {
    const renewed = openssl.certificate({
      subject: '/CN=mx.example.net',
      key: server.key,
      issuer: intermediate,
      days: 2000,
    });
    const findings = judge({ certificate: renewed + intermediate.certificate }, { daysFromNow: 1001 });

    expect(findings.map(({ code }) => code)).toEqual(['certificate-expired']);
    expect(findings[0]?.message).toContain('CN=Example Intermediate expired on');
  });

  it('refuses RSA under 2048 bits, in the key and in the certificate', () => {
    expect(verdict(selfSigned(openssl.rsaKey(1024)))).toEqual([
      'error not-a-usable-key privateKey',
      'error key-weak certificate',
    ]);
  });

  it('refuses a curve that mail clients do not take', () => {
    expect(verdict(selfSigned(openssl.ecKey('secp256k1')))).toEqual([
      'error not-a-usable-key privateKey',
      'error key-weak certificate',
    ]);
  });

  it('refuses a signature with SHA-1 of every kind', () => {
    const rsa = openssl.rsaKey();
    const pss = ['-sigopt', 'rsa_padding_mode:pss'];

    expect(verdict(selfSigned(rsa, { digest: 'sha1' }))).toEqual(['error signature-weak certificate']);
    expect(verdict(selfSigned(rsa, { digest: 'md5' }))).toEqual(['error signature-weak certificate']);
    expect(verdict(selfSigned(rsa, { digest: 'sha1', more: pss }))).toEqual(['error signature-weak certificate']);
    expect(verdict(selfSigned(openssl.ecKey(), { digest: 'sha1' }))).toEqual(['error signature-weak certificate']);
    expect(verdict(selfSigned(rsa, { digest: 'sha256', more: pss }))).toEqual([]);
    expect(verdict(selfSigned(rsa, { digest: 'sha512' }))).toEqual([]);
  });

  it('forgives SHA-1 in a root, whose signature nobody checks', () => {
    const authority = ['basicConstraints=critical,CA:TRUE'];
    const old = {
      key: root.key,
      certificate: openssl.certificate({
        subject: '/CN=Old Root',
        key: root.key,
        digest: 'sha1',
        extensions: authority,
      }),
    };
    const certificate = openssl.certificate({ subject: '/CN=mx.example.net', key: server.key, issuer: old });

    expect(verdict({ certificate, caCertificate: old.certificate })).toEqual([]);
  });

  it('refuses an encrypted key: nobody could type its passphrase on the gateway', () => {
    const privateKey = openssl.convert(server.key, 'pkcs8', '-topk8', '-passout', 'pass:x');

    expect(verdict({ privateKey })).toEqual(['error key-encrypted privateKey']);
  });

  it.each([
    [['mx.example.net'], true],
    [['MX.Example.NET'], true],
    [['a.mx.example.net'], true],
    [['192.0.2.1'], true],
    [['2001:db8::1'], true],
    [['localhost', 'mx.example.net'], true],
    [[], true],
    [['example.net'], false],
    [['a.b.mx.example.net'], false],
    [['192.0.2.2'], false],
  ])('compares its names with %j', (hostNames, matches) => {
    expect(verdict({}, { hostNames })).toEqual(matches ? [] : ['warning name-mismatch certificate']);
  });

  it('warns of a certificate that was issued for clients', () => {
    const usage = (value: string) => selfSigned(other, { extensions: [`extendedKeyUsage=${value}`] });

    expect(verdict(usage('clientAuth'))).toEqual(['warning not-for-servers certificate']);
    expect(verdict(usage('clientAuth,serverAuth'))).toEqual([]);
    expect(verdict(usage('anyExtendedKeyUsage'))).toEqual([]);
  });

  it('takes trust anchors in any order, and refuses them only when none is in time', () => {
    const short = openssl.certificate({ subject: '/CN=Short Root', key: other, days: 10 });
    const files = { ...nothing, outgoingCa: short + root.certificate };
    const now = new Date(today.getTime() + 11 * day);

    expect(judgeTls(files, { hostNames: [], now: today })).toEqual([]);
    expect(judgeTls(files, { hostNames: [], now }).map(({ severity }) => severity)).toEqual(['warning']);
    expect(judgeTls({ ...files, outgoingCa: short }, { hostNames: [], now }).map(({ severity }) => severity)).toEqual([
      'error',
    ]);
  });

  it('names the file in every message', () => {
    const findings = judge({ certificate: 'x', privateKey: 'x', caCertificate: 'x', outgoingCa: 'x' });

    expect(findings.map(({ message }) => message.replace(/ (is|file) .*/, ''))).toEqual([
      'The SMTP server certificate',
      'The private key',
      'The CA certificate',
      'The own CA for outgoing TLS',
    ]);
  });
});
