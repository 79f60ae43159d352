// Private keys as people have them, and words for those that are of no use.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { loadCredentials, parsePrivateKey } from '../../../../electron/ssh/credentials.ts';

const encrypted = ssh2.utils.generateKeyPairSync('ecdsa', {
  bits: 256,
  passphrase: 'open sesame',
  cipher: 'aes256-ctr',
  rounds: 4,
});
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const edwards = generateKeyPairSync('ed25519').privateKey;

describe('parsePrivateKey', () => {
  it('takes OpenSSH, PKCS#1, SEC1 and PKCS#8', () => {
    const forms = [
      rsa.export({ type: 'pkcs1', format: 'pem' }),
      rsa.export({ type: 'pkcs8', format: 'pem' }),
      ec.export({ type: 'sec1', format: 'pem' }),
      ec.export({ type: 'pkcs8', format: 'pem' }),
    ].map(String);

    for (const form of forms) expect(parsePrivateKey(form, null)).toMatchObject({ ok: true, value: { kind: 'key' } });
    expect(parsePrivateKey(encrypted.private, 'open sesame')).toMatchObject({ ok: true });
  });

  it('asks for the passphrase of an encrypted key, in either form', () => {
    const pkcs8 = rsa
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString();

    for (const content of [encrypted.private, pkcs8]) {
      expect(parsePrivateKey(content, null)).toMatchObject({ problem: { code: 'secret-needed' } });
      const wrong = parsePrivateKey(content, 'open barley');
      expect(wrong).toMatchObject({
        problem: { code: 'sign-in-failed', message: expect.stringContaining('passphrase') as string },
      });
      expect(JSON.stringify(wrong)).not.toContain('barley');
    }
  });

  it.each([
    ['a public key', encrypted.public],
    ['a certificate request', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'],
    ['nothing', ''],
    ['an Ed25519 key in PKCS#8, which SSH does not use', edwards.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('says that %s is of no use', (_what, content) => {
    expect(parsePrivateKey(content, null)).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
  });
});

describe('loadCredentials', () => {
  it('tells a missing key file without its path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-credentials-'));
    const file = join(folder, 'id');

    const missing = await loadCredentials({ kind: 'key', file }, null);
    await writeFile(file, 'x'.repeat(100_000));
    const huge = await loadCredentials({ kind: 'key', file }, null);
    await rm(folder, { recursive: true });

    expect(missing).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
    expect(huge).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
    expect(JSON.stringify([missing, huge])).not.toContain(folder);
  });

  it('needs a password where the record says so', async () => {
    expect(await loadCredentials({ kind: 'password' }, null)).toMatchObject({ problem: { code: 'secret-needed' } });
  });
});

describe('loadCredentials: a key file below ~', () => {
  it('is the one in the home folder of whoever signs in', async () => {
    const home = await mkdtemp(join(tmpdir(), 'postern-home-'));
    const before = process.env['HOME'];
    process.env['HOME'] = home;
    await writeFile(join(home, 'id_ec'), ec.export({ type: 'sec1', format: 'pem' }));

    const loaded = await loadCredentials({ kind: 'key', file: '~/id_ec' }, null);
    process.env['HOME'] = before;
    await rm(home, { recursive: true });

    expect(loaded).toMatchObject({ ok: true, value: { kind: 'key' } });
  });
});
