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

const SecretFile = z.discriminatedUnion('keptIn', [
  z.strictObject({ version: z.literal(1), keptIn: z.literal('keychain') }),
  z.strictObject({ version: z.literal(1), keptIn: z.literal('file'), sealed: z.base64() }),
]);
type SecretFile = z.infer<typeof SecretFile>;

export type SecretFiles = {
  store(gateway: string, secret: string): Promise<Outcome<void>>;
  load(gateway: string): Promise<Outcome<string | null>>;
  has(gateway: string): Promise<boolean>;
  remove(gateway: string): Promise<Outcome<void>>;
};

export type SecretFilesOptions = { folder: string; fleetFolder: string; keychain: Keychain; access: VaultAccess };

/** The secrets of one fleet folder. */
export function createSecretFiles({ folder, fleetFolder, keychain, access }: SecretFilesOptions): SecretFiles {
  const fleet = sha256Of(resolve(fleetFolder)).slice(0, 16);
  const account = (owner: string) => {
    const { kind, name } = ownerOf(owner);
    return `${kind}:${fleet}:${name}`;
  };
  const path = (owner: string) => {
    const { kind, name } = ownerOf(owner);
    // A plus cannot stand in a name, so that no gateway has the file of a credential.
    return join(folder, 'secrets', kind === 'gateway' ? `${fleet}-${name}.json` : `${fleet}-${kind}+${name}.json`);
  };

  async function write(gateway: string, file: SecretFile): Promise<Outcome<void>> {
    await makePrivateFolder(join(folder, 'secrets'));
    await writeDurably(path(gateway), `${JSON.stringify(file)}\n`, 0o600);
    return done(undefined);
  }

  return {
    async store(gateway, secret) {
      const key = await access.key('create'); // decides once and for all where secrets are kept
      if (!key.ok) return key;
      const vault = await loadVaultFile(folder);
      if (!vault.ok) return vault;
      if (vault.value?.keptIn === 'keychain') {
        const stored = await keychain.store(account(gateway), secret);
        return stored.ok ? write(gateway, { version: 1, keptIn: 'keychain' }) : stored;
      }
      const sealed = sealText(key.value, nameOf(fleet, gateway), secret);
      return write(gateway, { version: 1, keptIn: 'file', sealed });
    },
    async load(gateway) {
      const file = await loadSecretFile(path(gateway));
      if (!file.ok || file.value === null) return file.ok ? done(null) : file;
      if (file.value.keptIn === 'keychain') return fromKeychain(keychain, account(gateway), gateway);
      const key = await access.key('existing');
      if (!key.ok) return key;
      const secret = openSealedText(key.value, nameOf(fleet, gateway), file.value.sealed);
      return secret === null ? damaged(gateway) : done(secret);
    },
    async has(gateway) {
      const file = await loadSecretFile(path(gateway));
      return file.ok && file.value !== null;
    },
    async remove(gateway) {
      const file = await loadSecretFile(path(gateway));
      const removed =
        file.ok && file.value?.keptIn === 'keychain' ? await keychain.remove(account(gateway)) : done(undefined);
      if (removed.ok && (!file.ok || file.value !== null)) await removeDurably(path(gateway));
      return removed;
    },
  };
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

function nameOf(fleet: string, gateway: string): string {
  return `postern secret ${fleet} ${gateway}`;
}
