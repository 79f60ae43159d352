// A keychain that lies in memory, and one that cannot be used: the only part of the vault that tests may replace.
import { done, failed, type Outcome } from '../../gateway-agent/contract/outcome.ts';
import type { Keychain } from '../../electron/store/keychain.ts';

export type MemoryKeychain = Keychain & { entries: Map<string, string>; isAvailable: boolean };

/** Switch `isAvailable` off to see what happens when the system's keychain goes away. */
export function memoryKeychain(): MemoryKeychain {
  const entries = new Map<string, string>();
  const keychain: MemoryKeychain = {
    entries,
    isAvailable: true,
    load: (account) => answer(() => entries.get(account) ?? null),
    store: (account, secret) => answer(() => void entries.set(account, secret)),
    remove: (account) => answer(() => void entries.delete(account)),
  };
  async function answer<T>(work: () => T): Promise<Outcome<T>> {
    return keychain.isAvailable
      ? done(work())
      : failed('vault-locked', 'The keychain cannot be used: it was switched off.');
  }
  return keychain;
}

/** As on a server without a desktop. */
export function noKeychain(): MemoryKeychain {
  return Object.assign(memoryKeychain(), { isAvailable: false });
}
