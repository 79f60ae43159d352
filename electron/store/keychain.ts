// The operating system's keychain through keytar: loaded when first asked, never trusted to answer in time, and with
// its texts turned into words. Whatever goes wrong means "not available"; nothing falls back from here.
import type * as keytarModule from '@github/keytar';
import { failed, type Outcome } from '#contract/outcome';

/** One keychain, by account under a fixed service. Every failure is `vault-locked` with words. */
export type Keychain = {
  load(account: string): Promise<Outcome<string | null>>;
  store(account: string, secret: string): Promise<Outcome<void>>;
  remove(account: string): Promise<Outcome<void>>;
};

type Keytar = Pick<typeof keytarModule, 'getPassword' | 'setPassword' | 'deletePassword'>;

/** A locked keychain asks its owner for a password: two minutes to type it, then it counts as closed. */
const patienceMilliseconds = 120_000;

/** The keychain of this computer under the service's name. */
export function systemKeychain(service: string): Keychain {
  let loading: Promise<Keytar> | undefined;

  async function ask<T>(question: (keytar: Keytar) => Promise<T>): Promise<Outcome<T>> {
    try {
      loading ??= loadKeytar();
      return { ok: true, value: await inTime(loading.then(question)) };
    } catch (error) {
      loading = undefined; // a keychain that is started later is found later
      return failed('vault-locked', `The keychain of this computer cannot be used: ${reasonOf(error)}.`);
    }
  }

  return {
    load: (account) => ask((keytar) => keytar.getPassword(service, account)),
    store: (account, secret) => ask((keytar) => keytar.setPassword(service, account, secret)),
    async remove(account) {
      const removed = await ask((keytar) => keytar.deletePassword(service, account));
      return removed.ok ? { ok: true, value: undefined } : removed;
    },
  };
}

/** Node sees keytar's functions only as the default export, a bundler as both. */
async function loadKeytar(): Promise<Keytar> {
  const loaded: Keytar & { default?: Keytar } = await import('@github/keytar');
  return loaded.default ?? loaded;
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), patienceMilliseconds);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** keytar's errors have no codes, and their texts are the libraries' own. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  if (/cannot find (module|package)/i.test(text)) return 'its module is missing from this installation';
  if (/failed to load|libsecret/i.test(text)) return 'the system library libsecret is missing';
  if (/org\.freedesktop\.secrets|not provided by any/i.test(text)) {
    return 'no keychain service runs (GNOME Keyring, KWallet or KeePassXC)';
  }
  if (/d-?bus|autolaunch|\.service|connect/i.test(text)) return 'no desktop session runs (D-Bus)';
  if (/timed out/.test(text)) return 'it did not answer';
  if (/lock|dismiss|cancel|prompt/i.test(text)) return 'it is locked';
  return 'it refused';
}
