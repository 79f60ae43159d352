// Secrets for a run of the command, in the order: the vault, --passphrase-file, a question at the terminal. One
// question is asked once, however many gateways wait for its answer.
import type { GatewayRecord, SignIn } from '#contract/fleet';
import { failed, type Outcome } from '#contract/outcome';
import { loadCredentials, type Credentials } from '../ssh/credentials.ts';
import type { Vault } from '../store/vault.ts';
import type { Terminal } from './terminal.ts';

export type SecretSource = {
  credentialsFor: (name: string, record: GatewayRecord) => Promise<Outcome<Credentials>>;
  /** The vault that opens itself at the first need. */
  vault: Vault;
};

export type SecretParts = {
  vault: Vault;
  terminal: Terminal;
  identity: string | null;
  passphrase: string | null;
};

const storedKeyHint = 'Enrol the gateway from this computer too, or give a key that it takes with --identity.';

/** Nothing is read or asked before it is needed. */
export function createSecretSource(parts: SecretParts): SecretSource {
  const answers = new Map<string, Promise<Outcome<string>>>();
  const askOnce = (question: string) => {
    const asked = answers.get(question) ?? parts.terminal.askHidden(question);
    answers.set(question, asked);
    return asked;
  };
  const secretOr = (question: string) =>
    parts.passphrase === null ? askOnce(question) : Promise.resolve({ ok: true as const, value: parts.passphrase });

  let opening: Promise<Outcome<unknown>> | null = null;
  const opened = async <T>(load: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const first = await load();
    if (first.ok || first.problem.code !== 'vault-locked') return first;
    opening ??= unlock(parts.vault, () => secretOr('Passphrase of the key store: '));
    const unlocked = await opening;
    return unlocked.ok ? load() : first;
  };
  const vault: Vault = {
    ...parts.vault,
    loadPrivateKey: (sha256: string) => opened(() => parts.vault.loadPrivateKey(sha256)),
    loadSecret: (gateway: string) => opened(() => parts.vault.loadSecret(gateway)),
  };

  const credentialsFor = async (name: string, record: GatewayRecord): Promise<Outcome<Credentials>> => {
    const signIn: SignIn = parts.identity === null ? record.ssh.signIn : { kind: 'key', file: parts.identity };
    const plain = await loadCredentials(signIn, null);
    if (plain.ok || plain.problem.code !== 'secret-needed') return plain;
    if (parts.identity === null) {
      const stored = await vault.loadSecret(name);
      if (stored.ok && stored.value !== null) return loadCredentials(signIn, stored.value);
    }
    if (signIn.kind === 'stored-key') return { ...plain, problem: { ...plain.problem, hint: storedKeyHint } };
    const question =
      signIn.kind === 'password' ? `Password of ${record.ssh.user} on ${name}: ` : 'Passphrase of the private key: ';
    const secret = await secretOr(question);
    if (secret.ok) return loadCredentials(signIn, secret.value);
    if (secret.problem.code === 'cancelled') return secret;
    return failed(
      'secret-needed',
      `Signing in to ${name} needs a ${signIn.kind === 'password' ? 'password' : 'passphrase'}, and nobody can be asked.`,
      'Use --passphrase-file, an ssh-agent, or store the secret with the app.',
    );
  };
  return { credentialsFor, vault };
}

async function unlock(vault: Vault, secret: () => Promise<Outcome<string>>): Promise<Outcome<unknown>> {
  const { state } = await vault.state();
  if (state !== 'locked') return failed('vault-locked', 'The key store cannot be opened with a passphrase.');
  const passphrase = await secret();
  return passphrase.ok ? vault.unlock(passphrase.value) : passphrase;
}
