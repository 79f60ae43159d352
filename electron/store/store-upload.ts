// What an upload does: reads the file, refuses what is not fit for its purpose, stores certificates in the fleet
// folder and keys in the vault, and tells facts, never content.
import type { FileFacts } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { GatewaySettings } from '#contract/settings';
import { judgeTls } from '#certificates/judge-tls';
import { readCertificate } from '#certificates/read-certificate';
import { readPrivateKey } from '#certificates/read-private-key';
import type { FleetFolder } from './fleet-folder.ts';
import type { Vault } from './vault.ts';

type FilePurpose = FileFacts['purpose'];

export type Upload = { purpose: FilePurpose; content: Buffer; passphrase?: string | undefined };

export type UploadPlace = { folder: FleetFolder; vault: Vault };

/** Checks and stores one file. `secret-needed`: the key is encrypted and its passphrase was not given. */
export async function storeUpload(place: UploadPlace, upload: Upload): Promise<Outcome<FileFacts>> {
  const text = upload.content.toString('utf8');
  return upload.purpose === 'privateKey'
    ? storeKey(place.vault, text, upload.passphrase)
    : storeCertificate(place.folder, upload.purpose, text);
}

async function storeKey(vault: Vault, text: string, passphrase: string | undefined): Promise<Outcome<FileFacts>> {
  const read = readPrivateKey(text, passphrase);
  if (!read.ok) return read;
  const stored = await vault.storePrivateKey(read.value.pkcs8);
  if (!stored.ok) return stored;
  const { sha256, keyType, spkiSha256 } = stored.value;
  return done({ sha256, purpose: 'privateKey', key: { keyType, spkiSha256, isHere: true } });
}

async function storeCertificate(folder: FleetFolder, purpose: FilePurpose, text: string): Promise<Outcome<FileFacts>> {
  const read = readCertificate(text);
  if (!read.ok) return read;
  const files = { certificate: null, privateKey: null, caCertificate: null, outgoingCa: null, [purpose]: text };
  const error = judgeTls(files, { hostNames: [], now: new Date() }).find(({ severity }) => severity === 'error');
  if (error !== undefined) return failed('certificate-rejected', error.message, error.hint);
  const { facts, pem, spkiSha256 } = read.value;
  const stored = await folder.storeCertificate(pem, `Store the certificate of ${facts.subject}`);
  return stored.ok ? done({ sha256: stored.value.sha256, purpose, certificate: facts, spkiSha256 }) : stored;
}

/** Facts about every file that the settings name, by SHA-256. A file that is not here has no facts to tell. */
export async function describeFiles(
  { folder, vault }: UploadPlace,
  settings: GatewaySettings,
): Promise<Outcome<Record<string, FileFacts>>> {
  const files: Record<string, FileFacts> = {};
  const { tls } = settings.connections;
  for (const purpose of ['certificate', 'caCertificate', 'outgoingCa'] as const) {
    const sha256 = tls[purpose];
    if (sha256 === null) continue;
    const pem = await folder.loadCertificate(sha256);
    const read = pem.ok ? readCertificate(pem.value) : failed('not-found', 'Not here.');
    files[sha256] = read.ok
      ? { sha256, purpose, certificate: read.value.facts, spkiSha256: read.value.spkiSha256 }
      : { sha256, purpose };
  }
  if (tls.privateKey !== null) {
    const facts = await vault.describePrivateKey(tls.privateKey);
    const key = { keyType: facts?.keyType ?? '', spkiSha256: facts?.spkiSha256 ?? '', isHere: facts !== null };
    files[tls.privateKey] = { sha256: tls.privateKey, purpose: 'privateKey', key };
  }
  return done(files);
}
