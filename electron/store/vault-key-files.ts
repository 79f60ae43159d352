// Private keys as files of the vault: one each, named after the SHA-256 of its PKCS#8 text, encrypted, mode 0600.
// What may be told of a key stands beside the ciphertext and is authenticated with it.
import { join } from 'node:path';
import { z } from 'zod';
import { Sha256 } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import { sha256Of } from '#certificates/hash';
import { readPrivateKey } from '#certificates/read-private-key';
import { readPlainFile, writeDurably } from './durable-files.ts';
import { openSealedText, sealText } from './sealed-text.ts';
import { makePrivateFolder } from './vault-key.ts';
import type { VaultAccess } from './vault.ts';

/** What may be told of a stored private key without opening it. */
export type KeyFacts = { keyType: string; spkiSha256: string };

const KeyFile = z.strictObject({ version: z.literal(1), keyType: z.string(), spkiSha256: Sha256, sealed: z.base64() });
type KeyFile = z.infer<typeof KeyFile>;

export type KeyFiles = {
  store(pkcs8: string): Promise<Outcome<{ sha256: Sha256 } & KeyFacts>>;
  load(sha256: Sha256): Promise<Outcome<string>>;
  describe(sha256: Sha256): Promise<KeyFacts | null>;
};

/** Key files below the vault's folder. */
export function createKeyFiles(folder: string, access: VaultAccess): KeyFiles {
  return {
    async store(pkcs8) {
      const read = readPrivateKey(pkcs8);
      if (!read.ok) return read;
      const key = await access.key('create');
      if (!key.ok) return key;
      const sha256 = sha256Of(read.value.pkcs8);
      const facts = { keyType: read.value.keyType, spkiSha256: read.value.spkiSha256 };
      const sealed = sealText(key.value, nameOf(sha256, facts), read.value.pkcs8);
      await makePrivateFolder(join(folder, 'keys'));
      const file: KeyFile = { version: 1, ...facts, sealed };
      await writeDurably(pathOf(folder, sha256), `${JSON.stringify(file, null, 2)}\n`, 0o600);
      return done({ sha256, ...facts });
    },
    async load(sha256) {
      const file = await loadKeyFile(folder, sha256);
      if (file === 'missing') return failed('not-found', 'The private key is not on this computer.');
      if (file === 'damaged') return damaged();
      const key = await access.key('existing');
      if (!key.ok) return key;
      const pkcs8 = openSealedText(key.value, nameOf(sha256, file), file.sealed);
      return pkcs8 === null || sha256Of(pkcs8) !== sha256 ? damaged() : done(pkcs8);
    },
    async describe(sha256) {
      const file = await loadKeyFile(folder, sha256);
      return typeof file === 'string' ? null : { keyType: file.keyType, spkiSha256: file.spkiSha256 };
    },
  };
}

async function loadKeyFile(folder: string, sha256: Sha256): Promise<KeyFile | 'missing' | 'damaged'> {
  const file = await readPlainFile(pathOf(folder, sha256), 64 * 1024);
  if (file.kind === 'missing') return 'missing';
  if (file.kind === 'refused') return 'damaged';
  try {
    return KeyFile.parse(JSON.parse(file.content.toString('utf8')));
  } catch {
    return 'damaged';
  }
}

function damaged(): ReturnType<typeof failed> {
  return failed(
    'storage-failed',
    'The stored private key is damaged and was not used.',
    'Upload the private key again.',
  );
}

function pathOf(folder: string, sha256: string): string {
  return join(folder, 'keys', `${Sha256.parse(sha256)}.json`);
}

function nameOf(sha256: string, { keyType, spkiSha256 }: KeyFacts): string {
  return `postern private key ${sha256} ${spkiSha256} ${keyType}`;
}
