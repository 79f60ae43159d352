// `vault:*`: opening the store of private keys and passwords.
import type { Handle, Services } from './services.ts';

/** Registers the vault's calls. */
export function registerVaultHandlers(handle: Handle, services: Services): void {
  handle('vault:unlock', ({ passphrase }) => services.vault.unlock(passphrase));
}
