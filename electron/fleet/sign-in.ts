// Which credentials an SSH server on the way, or at its end, asks for; the vault is opened only where a secret is
// needed.
import type { SignIn } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import { loadConfiguredKeys, loadCredentials, type Credentials } from '../ssh/credentials.ts';
import type { ConfiguredSignIn } from '../ssh/openssh/configured-route.ts';
import type { SecretKind } from '../store/vault-secrets.ts';
import { secretKindOf } from './keep-secret.ts';

export type SecretSource = { loadSecret(name: string, kind: SecretKind): Promise<Outcome<string | null>> };

/** One sign-in. */
export type SignInRequest = {
  /** Whose, in words: 'mx1', 'jump host bastion'. */
  who: string;
  user: string;
  /** `configured`: what ssh_config names. */
  signIn: SignIn | { kind: 'configured'; configured: ConfiguredSignIn };
  /** Under which name the vault keeps the secret; null: it keeps none. */
  secretName: string | null;
  isGateway: boolean;
};

/** Loads it without asking anybody: the ssh-agent and a plain key file need no secret, so the keychain is left alone. */
export async function signInFor(request: SignInRequest, vault: SecretSource): Promise<Outcome<Credentials>> {
  if (request.signIn.kind !== 'password') {
    const plain = await loadSignIn(request, null);
    if (plain.ok || plain.problem.code !== 'secret-needed') return plain;
  }
  if (request.secretName === null) return loadSignIn(request, null);
  const secret = await vault.loadSecret(request.secretName, secretKindOf(request.signIn));
  return secret.ok ? loadSignIn(request, secret.value) : secret;
}

/** With this secret, or none. A failure says whose sign-in it is. */
export async function loadSignIn(request: SignInRequest, secret: string | null): Promise<Outcome<Credentials>> {
  const { signIn, who, isGateway } = request;
  const loaded = await (signIn.kind === 'configured'
    ? loadConfiguredKeys(signIn.configured, secret)
    : loadCredentials(signIn, secret));
  if (loaded.ok || isGateway) return loaded;
  const { problem } = loaded;
  return { ok: false, problem: { ...problem, message: `${who}: ${problem.message}` } };
}
