// The key that encrypts everything in the vault, and where it is kept: in the keychain, or wrapped by a passphrase.
// `vault.json` remembers which; that choice is never changed silently.
import { randomBytes, randomUUID, scrypt, type ScryptOptions } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { done, failed, type Outcome } from '#contract/outcome';
import { readPlainFile, writeDurably } from './durable-files.ts';
import { withFolderLock } from './folder-lock.ts';
import type { Keychain } from './keychain.ts';
import { newSealingKey, openSealedText, sealText } from './sealed-text.ts';

/** OWASP's first choice for scrypt: 128 MiB and about half a second; a file may ask for more, never for less. */
const scryptCost = { N: 2 ** 17, r: 8, p: 1 };

const PassphraseFile = z.strictObject({
  version: z.literal(1),
  keptIn: z.literal('passphrase'),
  scrypt: z.strictObject({
    N: z.literal([2 ** 17, 2 ** 18, 2 ** 19, 2 ** 20]),
    r: z.literal(8),
    p: z.literal(1),
    salt: z.base64().min(24),
  }),
  wrappedKey: z.base64(),
});
type PassphraseFile = z.infer<typeof PassphraseFile>;

const KeychainFile = z.strictObject({
  version: z.literal(1),
  keptIn: z.literal('keychain'),
  id: z.uuid(), // names the entry of this vault among others
  check: z.base64(), // opens with the right key only
});
type KeychainFile = z.infer<typeof KeychainFile>;

const VaultFile = z.discriminatedUnion('keptIn', [PassphraseFile, KeychainFile]);
export type VaultFile = z.infer<typeof VaultFile>;

/** NIST SP 800-63B: at least 8 characters. */
const minPassphraseLength = 8;

/** Which way this vault keeps its key; null: none was chosen yet. */
export async function loadVaultFile(folder: string): Promise<Outcome<VaultFile | null>> {
  const file = await readPlainFile(join(folder, 'vault.json'), 64 * 1024);
  if (file.kind === 'missing') return done(null);
  const broken = failed(
    'vault-locked',
    'The store of private keys cannot be read: its file vault.json is damaged.',
    'Bring vault.json back from a backup. Without it the stored private keys must be uploaded again.',
  );
  if (file.kind === 'refused') return broken;
  try {
    return done(VaultFile.parse(JSON.parse(file.content.toString('utf8'))));
  } catch {
    return broken; // what cannot be understood is never replaced: keys may hang on it
  }
}

/** Takes the key out of the keychain; a wrong or missing entry fails, a new one is never made for old files. */
export async function keyFromKeychain(file: KeychainFile, keychain: Keychain): Promise<Outcome<Buffer>> {
  const entry = await keychain.load(accountOf(file.id));
  if (!entry.ok) return entry;
  const key = Buffer.from(entry.value ?? '', 'base64');
  if (key.length === 32 && openSealedText(key, checkName(file.id), file.check) !== null) return done(key);
  const what = entry.value === null ? 'does not give out' : 'holds another key in place of'; // null: gone, or locked
  return failed(
    'vault-locked',
    `The keychain ${what} the key of Postern's private keys.`,
    'Unlock it. If the entry is gone, restore it, or remove the vault folder and upload the private keys again.',
  );
}

/** Opens with a passphrase; a wrong one is noticed. */
export async function keyFromPassphrase(file: PassphraseFile, passphrase: string): Promise<Outcome<Buffer>> {
  const wrapping = await deriveKey(passphrase, file.scrypt);
  const opened = openSealedText(wrapping, wrapName(file.scrypt), file.wrappedKey);
  return opened === null
    ? failed('vault-locked', 'The passphrase is wrong.', 'Try again.')
    : done(Buffer.from(opened, 'base64'));
}

/** Makes the vault's key and puts it into the keychain; where another process was faster, its key is taken. */
export function createInKeychain(folder: string, keychain: Keychain): Promise<Outcome<Buffer>> {
  return create(
    folder,
    async () => {
      const [id, key] = [randomUUID(), newSealingKey()];
      const stored = await keychain.store(accountOf(id), key.toString('base64'));
      if (!stored.ok) return stored;
      const file: KeychainFile = { version: 1, keptIn: 'keychain', id, check: sealText(key, checkName(id), 'postern') };
      const readBack = await keyFromKeychain(file, keychain); // a keychain that forgets must be noticed before it matters
      return readBack.ok ? done({ file, key }) : readBack;
    },
    (file) => (file.keptIn === 'keychain' ? keyFromKeychain(file, keychain) : Promise.resolve(needsPassphrase)),
  );
}

/** Makes the vault's key and wraps it with a passphrase. */
export async function createWithPassphrase(folder: string, passphrase: string): Promise<Outcome<Buffer>> {
  if (passphrase.length < minPassphraseLength) {
    return failed('bad-request', `The passphrase needs at least ${minPassphraseLength} characters.`);
  }
  return create(
    folder,
    async () => {
      const key = newSealingKey();
      const cost = { ...scryptCost, salt: randomBytes(16).toString('base64') };
      const wrappedKey = sealText(await deriveKey(passphrase, cost), wrapName(cost), key.toString('base64'));
      return done({ file: PassphraseFile.parse({ version: 1, keptIn: 'passphrase', scrypt: cost, wrappedKey }), key });
    },
    (file) => (file.keptIn === 'passphrase' ? keyFromPassphrase(file, passphrase) : Promise.resolve(needsKeychain)),
  );
}

/** What a locked vault answers. */
export const needsPassphrase = failed(
  'vault-locked',
  'The private keys and passwords are locked.',
  'Enter the passphrase of the vault.',
);

/** What a vault of the keychain answers to a passphrase. */
export const needsKeychain = failed(
  'vault-locked',
  'The private keys are locked with a key in the keychain; no passphrase opens them.',
  'Unlock or start the keychain of this computer, then try again.',
);

type Made = { file: VaultFile; key: Buffer };

/** Two programs may start at the same time: only one of them decides, the other one takes what it finds. */
async function create(
  folder: string,
  make: () => Promise<Outcome<Made>>,
  take: (file: VaultFile) => Promise<Outcome<Buffer>>,
): Promise<Outcome<Buffer>> {
  await makePrivateFolder(folder);
  return withFolderLock(folder, async () => {
    const present = await loadVaultFile(folder);
    if (!present.ok) return present;
    if (present.value !== null) return take(present.value);
    const made = await make();
    if (!made.ok) return made;
    await writeDurably(join(folder, 'vault.json'), `${JSON.stringify(made.value.file, null, 2)}\n`, 0o600);
    return done(made.value.key);
  });
}

/** Nobody but the owner may enter, whatever the umask and whoever made the folder. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') await chmod(folder, 0o700);
}

function deriveKey(passphrase: string, cost: { N: number; r: number; p: number; salt: string }): Promise<Buffer> {
  const options: ScryptOptions = { N: cost.N, r: cost.r, p: cost.p, maxmem: 256 * cost.N * cost.r };
  const typed = passphrase.normalize('NFKC'); // two keyboards write one é in two ways
  return new Promise((resolve, reject) => {
    scrypt(typed, Buffer.from(cost.salt, 'base64'), 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function accountOf(id: string): string {
  return `vault-key:${id}`;
}

function checkName(id: string): string {
  return `postern vault check ${id}`;
}

/** The cost is authenticated, so that nobody weakens it in the file. */
function wrapName({ N, r, p, salt }: { N: number; r: number; p: number; salt: string }): string {
  return `postern vault key, scrypt ${N} ${r} ${p} ${salt}`;
}
