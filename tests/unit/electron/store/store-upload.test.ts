import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFiles, storeUpload, type UploadPlace } from '../../../../electron/store/store-upload.ts';
import { openVault } from '../../../../electron/store/vault.ts';
import { memoryKeychain } from '../../../support/memory-keychain.ts';
import { makeExpired, makePemPair } from '../../../support/pem-files.ts';
import { temporaryFleet, temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';

async function newPlace(): Promise<UploadPlace> {
  const folder = await temporaryFleet();
  const options = { folder: join(await temporaryFolder(), 'vault'), service: 'Postern test', fleetFolder: folder.path };
  return { folder, vault: openVault({ ...options, keychain: memoryKeychain() }) };
}

describe('storeUpload', () => {
  it('stores a matching pair and tells facts about both', async () => {
    const place = await newPlace();
    const pem = await makePemPair(await temporaryFolder(), 'x');

    const key = valueOf(await storeUpload(place, { purpose: 'privateKey', content: Buffer.from(pem.key) }));
    const certificate = valueOf(
      await storeUpload(place, { purpose: 'certificate', content: Buffer.from(pem.certificate) }),
    );

    expect(key.key).toMatchObject({ keyType: 'EC P-256', isHere: true });
    expect(certificate.certificate).toMatchObject({ subject: 'CN=mx1.example.test', names: ['mx1.example.test'] });
    expect(certificate.spkiSha256).toBe(key.key?.spkiSha256);
    expect(JSON.stringify([key, certificate])).not.toContain('-----BEGIN');
    expect(valueOf(await place.folder.loadCertificate(certificate.sha256))).toContain('BEGIN CERTIFICATE');
  });

  it('asks once for the passphrase of an encrypted key and stores it as the same key', async () => {
    const place = await newPlace();
    const pem = await makePemPair(await temporaryFolder(), 'right');
    const content = Buffer.from(pem.encryptedKey);

    const asked = await storeUpload(place, { purpose: 'privateKey', content });
    const wrong = await storeUpload(place, { purpose: 'privateKey', content, passphrase: 'wrong' });
    const stored = valueOf(await storeUpload(place, { purpose: 'privateKey', content, passphrase: 'right' }));
    const plain = valueOf(await storeUpload(place, { purpose: 'privateKey', content: Buffer.from(pem.key) }));

    expect(asked).toMatchObject({ ok: false, problem: { code: 'secret-needed' } });
    expect(wrong).toMatchObject({ ok: false, problem: { code: 'certificate-rejected' } });
    expect(stored.sha256).toBe(plain.sha256);
  });

  it('refuses files in the wrong field and what is out of date', async () => {
    const place = await newPlace();
    const pem = await makePemPair(await temporaryFolder(), 'x');
    const expired = await makeExpired(await temporaryFolder(), pem);

    const rejected = { ok: false, problem: { code: 'certificate-rejected' } };
    const upload = (purpose: 'certificate' | 'privateKey', text: string) =>
      storeUpload(place, { purpose, content: Buffer.from(text) });
    expect(await upload('certificate', pem.key)).toMatchObject(rejected);
    expect(await upload('certificate', pem.certificate + pem.key)).toMatchObject(rejected);
    expect(await upload('privateKey', pem.certificate)).toMatchObject(rejected);
    expect(await upload('certificate', 'hello')).toMatchObject(rejected);
    expect(await upload('certificate', expired)).toMatchObject(rejected);
  });
});

describe('describeFiles', () => {
  it('tells which private key is not on this computer', async () => {
    const place = await newPlace();
    const { draft } = valueOf(await place.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const tls = { ...draft.settings.connections.tls, privateKey: 'a'.repeat(64), certificate: 'b'.repeat(64) };

    const settings = { ...draft.settings, connections: { ...draft.settings.connections, tls } };
    const files = valueOf(await describeFiles(place, settings));

    expect(files['a'.repeat(64)]?.key?.isHere).toBe(false);
    expect(files['b'.repeat(64)]).toEqual({ sha256: 'b'.repeat(64), purpose: 'certificate' });
  });
});
