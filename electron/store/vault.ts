// Private keys and passwords, outside the fleet folder. Keys lie encrypted in files, passwords in the system's
// keychain; where there is none, both are encrypted with a key that a passphrase opens. Never a fixed password, never
// a silent change from one to the other.
import type { Sha256 } from '#contract/files';
import { done, type Outcome } from '#contract/outcome';
import { systemKeychain, type Keychain } from './keychain.ts';
import { reportingDisk } from './folder-writer.ts';
import { createKeyFiles, type KeyFacts } from './vault-key-files.ts';
import {
  createInKeychain,
  createWithPassphrase,
  keyFromKeychain,
  keyFromPassphrase,
  loadVaultFile,
  needsKeychain,
  needsPassphrase,
} from './vault-key.ts';
import { createSecretFiles, type SecretKind } from './vault-secrets.ts';

/** Where secrets are kept, in words for the screen (the same shape as in the window's contract). */
type VaultState = { state: 'keychain' | 'passphrase' | 'locked' | 'new'; words: string };

export type Vault = {
  /** Asks the keychain when nothing else decides, so it may take a moment. */
  state(): Promise<VaultState>;
  /** `new`: chooses the passphrase; `locked`: opens with it. */
  unlock(passphrase: string): Promise<Outcome<VaultState>>;
  /** Takes unencrypted PKCS#8; its SHA-256 is its name. */
  storePrivateKey(pkcs8: string): Promise<Outcome<{ sha256: Sha256 } & KeyFacts>>;
  /** `not-found` when it is not on this computer, `vault-locked` when it is and cannot be opened now. */
  loadPrivateKey(sha256: Sha256): Promise<Outcome<string>>;
  /** Needs no keychain and no passphrase. */
  hasPrivateKey(sha256: Sha256): Promise<boolean>;
  describePrivateKey(sha256: Sha256): Promise<KeyFacts | null>;
  storeSecret(gateway: string, kind: SecretKind, secret: string): Promise<Outcome<void>>;
  /** null: none of this kind is stored. Then neither keychain nor passphrase is asked. */
  loadSecret(gateway: string, kind: SecretKind): Promise<Outcome<string | null>>;
  /** Needs no keychain and no passphrase. */
  hasSecret(gateway: string, kind: SecretKind): Promise<boolean>;
  /** Of whatever kind it is. */
  removeSecret(gateway: string): Promise<Outcome<void>>;
};

export type VaultOptions = {
  /** Where encrypted files lie; made with mode 0700 at the first store. */
  folder: string;
  /** The name under which the keychain keeps Postern's entries: 'Postern'. */
  service: string;
  /** Passwords belong to one fleet: another folder's gateway of the same name never gets them. */
  fleetFolder: string;
  /** The system's own unless a test brings one. */
  keychain?: Keychain;
};

/** Touches neither disk nor keychain: both are asked when something is stored or loaded. */
export function openVault({ folder, service, fleetFolder, keychain = systemKeychain(service) }: VaultOptions): Vault {
  const access = createAccess(folder, keychain);
  const files = createKeyFiles(folder, access);
  const secrets = createSecretFiles({ folder, fleetFolder, keychain, access });
  const guarded = <T>(work: () => Promise<Outcome<T>>) => reportingDisk(folder, work);
  return {
    state: () => stateOf(folder, keychain, access),
    unlock: (passphrase) =>
      guarded(async () => {
        const opened = await access.open(passphrase);
        return opened.ok ? done(await stateOf(folder, keychain, access)) : opened;
      }),
    storePrivateKey: (pkcs8) => guarded(() => files.store(pkcs8)),
    loadPrivateKey: (sha256) => guarded(() => files.load(sha256)),
    hasPrivateKey: async (sha256) => (await files.describe(sha256)) !== null,
    describePrivateKey: (sha256) => files.describe(sha256),
    storeSecret: (...stored) => guarded(() => secrets.store(...stored)),
    loadSecret: (...wanted) => guarded(() => secrets.load(...wanted)),
    hasSecret: (...wanted) => secrets.has(...wanted),
    removeSecret: (gateway) => guarded(() => secrets.remove(gateway)),
  };
}

/** The vault's key, once it was taken out of keychain or passphrase. */
export type VaultAccess = {
  isOpen(): boolean;
  /** The key; with `create`, a vault that has none yet gets one in the keychain. */
  key(mode: 'create' | 'existing'): Promise<Outcome<Buffer>>;
  open(passphrase: string): Promise<Outcome<void>>;
};

function createAccess(folder: string, keychain: Keychain): VaultAccess {
  let known: Buffer | null = null;
  const keep = (key: Outcome<Buffer>): Outcome<Buffer> => {
    if (key.ok) known = key.value;
    return key;
  };
  return {
    isOpen: () => known !== null,
    async key(mode) {
      if (known !== null) return done(known);
      const file = await loadVaultFile(folder);
      if (!file.ok) return file;
      if (file.value?.keptIn === 'passphrase') return needsPassphrase;
      if (file.value !== null) return keep(await keyFromKeychain(file.value, keychain));
      if (mode === 'create') return keep(await createInKeychain(folder, keychain));
      return needsPassphrase;
    },
    async open(passphrase) {
      const file = await loadVaultFile(folder);
      if (!file.ok) return file;
      if (file.value?.keptIn === 'keychain') return needsKeychain;
      const key = await (file.value === null
        ? createWithPassphrase(folder, passphrase)
        : keyFromPassphrase(file.value, passphrase));
      return keep(key).ok ? done(undefined) : (key as Extract<typeof key, { ok: false }>);
    },
  };
}

async function stateOf(folder: string, keychain: Keychain, access: VaultAccess): Promise<VaultState> {
  const file = await loadVaultFile(folder);
  if (!file.ok) return { state: 'locked', words: `${file.problem.message} ${file.problem.hint ?? ''}`.trim() };
  if (file.value?.keptIn === 'passphrase') {
    return access.isOpen()
      ? { state: 'passphrase', words: 'Private keys and passwords are encrypted with your passphrase.' }
      : { state: 'locked', words: 'Enter the passphrase that opens the private keys and passwords.' };
  }
  const answer = file.value === null ? await keychain.load('probe') : await access.key('existing');
  if (answer.ok) return { state: 'keychain', words: 'Secrets are kept by the keychain of this computer.' };
  if (file.value !== null) {
    return { state: 'locked', words: `${answer.problem.message} ${answer.problem.hint ?? needsKeychain.problem.hint}` };
  }
  const ask = 'Choose a passphrase: it encrypts private keys and passwords on this computer.';
  return { state: 'new', words: `${answer.problem.message} ${ask}` };
}
