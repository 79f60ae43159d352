// What stands in for the key store where nothing secret is pushed, and a short way to say that a step must not fail.
import { failed, type Outcome } from '#contract/outcome';
import type { Vault } from '../../../electron/store/vault.ts';

/** No private key is pushed here, so nothing is ever asked for. */
export const emptyVault = {
  loadPrivateKey: () => Promise.resolve(failed('not-found', 'The benchmark has no private keys.')),
  loadSecret: () => Promise.resolve({ ok: true as const, value: null }),
} as unknown as Vault;

/** The value of an outcome that the benchmark cannot go on without. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
