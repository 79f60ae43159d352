// Everything of a fleet in one file that a passphrase encrypts, in the age format: the fleet folder with its history
// and audit log and, where asked, the private keys. Passwords for signing in are never in it.
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import './web-crypto.ts';
import { Decrypter, Encrypter } from 'age-encryption';
import { done, failed, type Outcome } from '#contract/outcome';
import { placeFilesIn, readFilesBelow } from './archived-files.ts';
import { writeDurably } from './durable-files.ts';
import { withFolderLock } from './folder-lock.ts';
import { reportingDisk } from './folder-writer.ts';
import { packTar, unpackTar, type ArchivedFile } from './tar-archive.ts';
import type { Vault } from './vault.ts';

const compress = promisify(gzip);
const unpack = promisify(gunzip);

/** What an archive holds, counted. */
export type BackupContent = { gateways: number; privateKeys: number };

type Keys = Pick<Vault, 'hasPrivateKey' | 'loadPrivateKey'>;
export type ExportWish = { fleetFolder: string; vault: Keys; passphrase: string; withPrivateKeys: boolean };

/** The passphrase guards all private keys of a fleet, away from this computer. Postern's own limit. */
const minPassphraseLength = 12;

/** One file, encrypted; `age -d FILE | tar xz` opens it without Postern. */
export async function exportFleet(wish: ExportWish): Promise<Outcome<BackupContent & { content: Buffer }>> {
  const { fleetFolder, vault, passphrase, withPrivateKeys } = wish;
  if (passphrase.length < minPassphraseLength) {
    return failed('bad-request', `The passphrase needs at least ${minPassphraseLength} characters.`);
  }
  return reportingDisk(fleetFolder, () =>
    withFolderLock(fleetFolder, async () => {
      const files = await readFilesBelow(fleetFolder);
      const keys = withPrivateKeys ? await readPrivateKeys(vault, files) : done([]);
      if (!keys.ok) return keys;
      const counts = { gateways: files.filter(isGateway).length, privateKeys: keys.value.length };
      const about = { path: 'about.txt', content: Buffer.from(aboutWords(counts)) };
      const fleet = files.map(({ path, content }) => ({ path: `fleet/${path}`, content }));
      const archive = await compress(packTar([about, ...fleet, ...keys.value], new Date()));
      const age = new Encrypter();
      age.setPassphrase(passphrase);
      return done({ ...counts, content: Buffer.from(await age.encrypt(archive)) });
    }),
  );
}

/** As `exportFleet`, into a file that its owner alone can read; one that is there is replaced as a whole. */
export async function exportToFile(path: string, wish: ExportWish): Promise<Outcome<BackupContent>> {
  const made = await exportFleet(wish);
  if (!made.ok) return made;
  const { content, ...counts } = made.value;
  return reportingDisk(dirname(path), async () => {
    await writeDurably(path, content, 0o600);
    return done(counts);
  });
}

function isGateway({ path }: ArchivedFile): boolean {
  return /^gateways\/[^/]+\.yaml$/.test(path);
}

function aboutWords({ gateways, privateKeys }: BackupContent): string {
  return (
    `A fleet of Postern: ${gateways} gateways. fleet/ is the fleet folder with its git history and audit log.\n` +
    `private-keys/ holds ${privateKeys} private keys of certificates, unencrypted inside of this archive.\n` +
    'Passwords and passphrases for signing in are not in it.\n'
  );
}

/** The keys that the settings of any scope name, as far as they are on this computer. */
async function readPrivateKeys(vault: Keys, files: readonly ArchivedFile[]): Promise<Outcome<ArchivedFile[]>> {
  const named = new Set<string>();
  for (const { path, content } of files) {
    if (!/^(?:fleet|(?:gateways|groups)\/[^/]+)\.yaml$/.test(path)) continue;
    for (const [, sha256 = ''] of content.toString('utf8').matchAll(/privateKey:\s*["']?([0-9a-f]{64})\b/g)) {
      named.add(sha256);
    }
  }
  const keys: ArchivedFile[] = [];
  for (const sha256 of named) {
    if (!(await vault.hasPrivateKey(sha256))) continue;
    const key = await vault.loadPrivateKey(sha256);
    if (!key.ok) return key;
    keys.push({ path: `private-keys/${sha256}.pem`, content: Buffer.from(key.value) });
  }
  return done(keys);
}

export type ImportWish = {
  content: Buffer;
  passphrase: string;
  /** Missing or empty. */
  into: string;
  vault: Pick<Vault, 'storePrivateKey'>;
};

/** Brings everything into an empty folder, whole or not at all; private keys go into the vault. */
export async function importFleet({ content, passphrase, into, vault }: ImportWish): Promise<Outcome<BackupContent>> {
  const archive = await open(content, passphrase);
  if (!archive.ok) return archive;
  const files = unpackTar(archive.value);
  if (!files.ok) return files;
  const fleet = files.value.flatMap(({ path, content: inside }) =>
    path.startsWith('fleet/') ? [{ path: path.slice('fleet/'.length), content: inside }] : [],
  );
  const keys = files.value.filter(({ path }) => path.startsWith('private-keys/'));
  const storeKeys = async (): Promise<Outcome<void>> => {
    for (const key of keys) {
      const stored = await vault.storePrivateKey(key.content.toString('utf8'));
      if (!stored.ok) return stored;
    }
    return done(undefined);
  };
  const placed = await placeFilesIn(into, fleet, storeKeys);
  return placed.ok ? done({ gateways: fleet.filter(isGateway).length, privateKeys: keys.length }) : placed;
}

async function open(content: Buffer, passphrase: string): Promise<Outcome<Buffer>> {
  try {
    const age = new Decrypter();
    age.addPassphrase(passphrase);
    return done(await unpack(await age.decrypt(content)));
  } catch {
    const message = 'The file cannot be opened: the passphrase is wrong, or it is no export of Postern.';
    return failed('bad-request', message, 'Check the passphrase, or choose another file.');
  }
}
