// A keychain that forgets: for the demo, which must leave nothing behind.
import { done } from '#contract/outcome';
import type { Keychain } from '../store/keychain.ts';

/** Starts empty. */
export function memoryKeychain(): Keychain {
  const entries = new Map<string, string>();
  return {
    load: (account) => Promise.resolve(done(entries.get(account) ?? null)),
    store: (account, secret) => {
      entries.set(account, secret);
      return Promise.resolve(done(undefined));
    },
    remove: (account) => {
      entries.delete(account);
      return Promise.resolve(done(undefined));
    },
  };
}
