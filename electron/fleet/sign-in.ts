// Which credentials a gateway's record asks for; the vault is opened only where a secret is needed.
import type { GatewayRecord } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import { loadCredentials, type Credentials } from '../ssh/credentials.ts';

export type SecretSource = { loadSecret(name: string): Promise<Outcome<string | null>> };

/** The ssh-agent and a plain key file need no secret, so the keychain is left alone for them. */
export async function signInFor(
  name: string,
  record: GatewayRecord,
  vault: SecretSource,
): Promise<Outcome<Credentials>> {
  const { signIn } = record.ssh;
  if (signIn.kind !== 'password') {
    const plain = await loadCredentials(signIn, null);
    if (plain.ok || plain.problem.code !== 'secret-needed') return plain;
  }
  const secret = await vault.loadSecret(name);
  return secret.ok ? loadCredentials(signIn, secret.value) : secret;
}
