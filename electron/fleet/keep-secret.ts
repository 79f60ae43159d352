// What becomes of a stored secret when the way to sign in is saved: it stays, a new one replaces it, or it is forgotten.
import type { SignIn } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import type { Vault } from '../store/vault.ts';
import type { SecretKind } from '../store/vault-secrets.ts';

type Keeping = {
  /** How its owner signed in until now; null: there was none, or it cannot be read. */
  before: SignIn | null;
  /** null: it signs in without a secret of its own. */
  now: SignIn | null;
  /** Undefined: none was entered, so that the stored one stays where it still fits. */
  secret?: string | undefined;
};

/** Which secret a way to sign in asks for. An ssh-agent asks for none; key files that ssh_config names may. */
export function secretKindOf({ kind }: SignIn | { kind: 'configured' }): SecretKind {
  switch (kind) {
    case 'password':
      return 'password';
    case 'stored-key':
      return 'private-key';
    case 'key':
    case 'agent':
    case 'configured':
      return 'passphrase';
  }
}

/** A password never stays behind as the passphrase of a key, nor a passphrase as a password. */
export async function keepSecret(
  vault: Vault,
  owner: string,
  { before, now, secret }: Keeping,
): Promise<Outcome<void>> {
  if (now === null) return vault.removeSecret(owner);
  if (secret !== undefined) return vault.storeSecret(owner, secretKindOf(now), secret);
  const old = before === null ? null : secretKindOf(before);
  // A management key may be the only one that opens its gateway: it is kept, and asked for by nothing else.
  if (old === null || old === 'private-key' || old === secretKindOf(now)) return done(undefined);
  return (await vault.hasSecret(owner, old)) ? vault.removeSecret(owner) : done(undefined);
}
