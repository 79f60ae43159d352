// Passwords and passphrases, one for each gateway, credential and jump host of one fleet. A small file says where each
// one is, so that a gateway without one never makes anybody unlock a keychain.
import { resolve, join } from 'node:path';
import { z } from 'zod';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { sha256Of } from '#certificates/hash';
import { readPlainFile, removeDurably, writeDurably } from './durable-files.ts';
import type { Keychain } from './keychain.ts';
import { openSealedText, sealText } from './sealed-text.ts';
import { loadVaultFile, makePrivateFolder } from './vault-key.ts';
import type { VaultAccess } from './vault.ts';

/** A secret is given out only as what it was stored as: a passphrase that is sent as a password is known to a server. */
const SecretKind = z.enum(['password', 'passphrase', 'private-key', 'token']);
export type SecretKind = z.infer<typeof SecretKind>;

/**
 * Version 1 does not say what its secret is. It counts as what is asked for, except that a private key is never
 * anything else; the next store writes version 2.
 */
const SecretFile = z.union([
  z.strictObject({ version: z.literal(1), keptIn: z.literal('keychain') }),
  z.strictObject({ version: z.literal(1), keptIn: z.literal('file'), sealed: z.base64() }),
  z.strictObject({ version: z.literal(2), kind: SecretKind, keptIn: z.literal('keychain') }),
  z.strictObject({ version: z.literal(2), kind: SecretKind, keptIn: z.literal('file'), sealed: z.base64() }),
]);
type SecretFile = z.infer<typeof SecretFile>;

export type SecretFiles = {
  store(gateway: string, kind: SecretKind, secret: string): Promise<Outcome<void>>;
  /** null too where the stored one is of another kind. */
  load(gateway: string, kind: SecretKind): Promise<Outcome<string | null>>;
  has(gateway: string, kind: SecretKind): Promise<boolean>;
  /** Of whatever kind it is. */
  remove(gateway: string): Promise<Outcome<void>>;
};

export type SecretFilesOptions = { folder: string; fleetFolder: string; keychain: Keychain; access: VaultAccess };

type SecretPlace = {
  account: (owner: string) => string;
  path: (owner: string) => string;
  sealName: (owner: string) => string;
  write: (owner: string, file: SecretFile) => Promise<Outcome<void>>;
};

function placeOf(folder: string, fleetFolder: string): SecretPlace {
  const fleet = sha256Of(resolve(fleetFolder)).slice(0, 16);
  const path = (owner: string) => {
    const { kind, name } = ownerOf(owner);
    // A plus cannot stand in a name, so that no gateway has the file of a credential.
    return join(folder, 'secrets', kind === 'gateway' ? `${fleet}-${name}.json` : `${fleet}-${kind}+${name}.json`);
  };
  return {
    account: (owner) => {
      const { kind, name } = ownerOf(owner);
      return `${kind}:${fleet}:${name}`;
    },
    path,
    sealName: (owner) => `postern secret ${fleet} ${owner}`,
    write: async (owner, file) => {
      await makePrivateFolder(join(folder, 'secrets'));
      await writeDurably(path(owner), `${JSON.stringify(file)}\n`, 0o600);
      return done(undefined);
    },
  };
}

/** The secrets of one fleet folder. */
export function createSecretFiles({ folder, fleetFolder, keychain, access }: SecretFilesOptions): SecretFiles {
  const { account, path, sealName, write } = placeOf(folder, fleetFolder);

  async function remove(gateway: string): Promise<Outcome<void>> {
    const file = await loadSecretFile(path(gateway));
    const removed =
      file.ok && file.value?.keptIn === 'keychain' ? await keychain.remove(account(gateway)) : done(undefined);
    if (removed.ok && (!file.ok || file.value !== null)) await removeDurably(path(gateway));
    return removed;
  }

  async function open(gateway: string, file: SecretFile): Promise<Outcome<string>> {
    if (file.keptIn === 'keychain') return fromKeychain(keychain, account(gateway), gateway);
    const key = await access.key('existing');
    if (!key.ok) return key;
    const secret = openSealedText(key.value, boundTo(sealName(gateway), kindOf(file)), file.sealed);
    return secret === null ? damaged(gateway) : done(secret);
  }

  return {
    async store(gateway, kind, secret) {
      const key = await access.key('create'); // decides once and for all where secrets are kept
      if (!key.ok) return key;
      const vault = await loadVaultFile(folder);
      if (!vault.ok) return vault;
      if (vault.value?.keptIn === 'keychain') {
        const old = await loadSecretFile(path(gateway));
        // Killed between the keychain and the file, no secret may lie there under the kind of the one before.
        const isOther = old.ok && old.value !== null && kindOf(old.value) !== kind;
        const cleared = isOther ? await remove(gateway) : done(undefined);
        if (!cleared.ok) return cleared;
        const stored = await keychain.store(account(gateway), secret);
        return stored.ok ? write(gateway, { version: 2, kind, keptIn: 'keychain' }) : stored;
      }
      const sealed = sealText(key.value, boundTo(sealName(gateway), kind), secret);
      return write(gateway, { version: 2, kind, keptIn: 'file', sealed });
    },
    async load(gateway, kind) {
      const file = await loadSecretFile(path(gateway));
      if (!file.ok || file.value === null) return file.ok ? done(null) : file;
      if ((kindOf(file.value) ?? kind) !== kind) return done(null);
      const secret = await open(gateway, file.value);
      if (!secret.ok || kindOf(file.value) !== null) return secret;
      return done(isPrivateKey(secret.value) === (kind === 'private-key') ? secret.value : null);
    },
    async has(gateway, kind) {
      const file = await loadSecretFile(path(gateway));
      return file.ok && file.value !== null && (kindOf(file.value) ?? kind) === kind;
    },
    remove,
  };
}

/** null: version 1 does not say. */
function kindOf(file: SecretFile): SecretKind | null {
  return file.version === 1 ? null : file.kind;
}

function isPrivateKey(secret: string): boolean {
  return secret.startsWith('-----BEGIN ');
}

/** 'mx1' is a gateway; 'credential:ops' and 'jump-host:bastion' are what many refer to; 'remote:…' is a git server. */
function ownerOf(owner: string): { kind: string; name: string } {
  const [, kind = 'gateway', name = owner] = /^(credential|jump-host|remote):(.*)$/.exec(owner) ?? [];
  return { kind, name: FleetName.parse(name) };
}

/** It was stored, so "none" means that the keychain is locked (GNOME's answers so) or was emptied. */
async function fromKeychain(keychain: Keychain, account: string, gateway: string): Promise<Outcome<string>> {
  const secret = await keychain.load(account);
  if (!secret.ok) return secret;
  if (secret.value !== null) return done(secret.value);
  const hint = 'Unlock the keychain, or enter the secret again.';
  return failed('vault-locked', `The keychain does not give out the secret of ${gateway}.`, hint);
}

async function loadSecretFile(path: string): Promise<Outcome<SecretFile | null>> {
  const file = await readPlainFile(path, 64 * 1024);
  if (file.kind === 'missing') return done(null);
  if (file.kind === 'refused') return damaged('this gateway');
  try {
    return done(SecretFile.parse(JSON.parse(file.content.toString('utf8'))));
  } catch {
    return damaged('this gateway');
  }
}

function damaged(gateway: string): ReturnType<typeof failed> {
  return failed('storage-failed', `The stored secret of ${gateway} is damaged and was not used.`, 'Enter it again.');
}

/** From version 2 on a sealed text is bound to its kind too. */
function boundTo(name: string, kind: SecretKind | null): string {
  return kind === null ? name : `${name} ${kind}`;
}
