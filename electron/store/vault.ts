// Private keys and passwords, outside the fleet folder. Keys lie encrypted in files, passwords in the system's
// keychain; where there is none, both are encrypted with a key that a passphrase opens. Never a fixed password, never
// a silent change from one to the other.
import type { Sha256 } from '#contract/files';
import type { Outcome } from '#contract/outcome';

/** Where secrets are kept, in words for the screen (the same shape as in the window's contract). */
export type VaultState = { state: 'keychain' | 'passphrase' | 'locked' | 'new'; words: string };

/** What may be told of a stored private key without opening it. */
export type KeyFacts = { keyType: string; spkiSha256: string };

export type Vault = {
  /** Asks the keychain when nothing else decides, so it may take a moment. */
  state(): Promise<VaultState>;
  /** `new`: chooses the passphrase; `locked`: opens with it. */
  unlock(passphrase: string): Promise<Outcome<VaultState>>;
  /** Takes unencrypted PKCS#8; its SHA-256 is its name. */
  storePrivateKey(pkcs8: string): Promise<Outcome<{ sha256: Sha256 } & KeyFacts>>;
  loadPrivateKey(sha256: Sha256): Promise<Outcome<string>>;
  /** Needs no keychain and no passphrase. */
  hasPrivateKey(sha256: Sha256): Promise<boolean>;
  describePrivateKey(sha256: Sha256): Promise<KeyFacts | null>;
  storeSecret(gateway: string, secret: string): Promise<Outcome<void>>;
  /** null: none is stored. */
  loadSecret(gateway: string): Promise<Outcome<string | null>>;
  removeSecret(gateway: string): Promise<Outcome<void>>;
};

export type VaultOptions = {
  /** Where encrypted files lie; made with mode 0700. */
  folder: string;
  /** The name under which the keychain keeps Postern's entries: 'Postern'. */
  service: string;
  /** Passwords belong to one fleet: another folder's gateway of the same name never gets them. */
  fleetFolder: string;
};

/** Touches neither disk nor keychain: both are asked when something is stored or loaded. */
export function openVault(options: VaultOptions): Vault {
  throw new Error(`not yet: ${options.folder}`);
}
