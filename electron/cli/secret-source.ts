// Secrets for a run of the command, in the order: the vault, --passphrase-file, a question at the terminal. One
// question is asked once, however many gateways wait for its answer.
import { failed, type Outcome } from '#contract/outcome';
import { secretKindOf } from '../fleet/keep-secret.ts';
import { loadSignIn, type SignInRequest } from '../fleet/sign-in.ts';
import type { Credentials } from '../ssh/credentials.ts';
import type { Vault } from '../store/vault.ts';
import type { Terminal } from './terminal.ts';

export type SecretSource = {
  credentialsFor: (request: SignInRequest) => Promise<Outcome<Credentials>>;
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
    loadSecret: (...wanted) => opened(() => parts.vault.loadSecret(...wanted)),
  };

  const credentialsFor = async (asked: SignInRequest): Promise<Outcome<Credentials>> => {
    const { identity } = parts;
    // As `ssh -i`: for the server itself, not for jump hosts on the way.
    const isOverridden = asked.isGateway && identity !== null;
    const request: SignInRequest = isOverridden ? { ...asked, signIn: { kind: 'key', file: identity } } : asked;
    const plain = await loadSignIn(request, null);
    if (plain.ok || plain.problem.code !== 'secret-needed') return plain;
    if (!isOverridden && request.secretName !== null) {
      const stored = await vault.loadSecret(request.secretName, secretKindOf(request.signIn));
      if (stored.ok && stored.value !== null) return loadSignIn(request, stored.value);
    }
    if (request.signIn.kind === 'stored-key') return { ...plain, problem: { ...plain.problem, hint: storedKeyHint } };
    const question = questionFor(request);
    // A password in a file is meant for the gateways: a jump host must not learn it.
    const isOthers = !request.isGateway && request.signIn.kind === 'password';
    const secret = await (isOthers ? askOnce(question) : secretOr(question));
    if (secret.ok) return loadSignIn(request, secret.value);
    return secret.problem.code === 'cancelled' ? secret : nobodyToAsk(request);
  };
  return { credentialsFor, vault };
}

/** One question for all that share a credential. */
function questionFor({ signIn, user, who, secretName }: SignInRequest): string {
  const [, credential] = /^credential:(.*)$/.exec(secretName ?? '') ?? [];
  if (signIn.kind !== 'password') return 'Passphrase of the private key: ';
  return `Password of ${user} ${credential === undefined ? `on ${who}` : `(credential ${credential})`}: `;
}

function nobodyToAsk({ signIn, who }: SignInRequest): Outcome<never> {
  const what = signIn.kind === 'password' ? 'password' : 'passphrase';
  return failed(
    'secret-needed',
    `Signing in to ${who} needs a ${what}, and nobody can be asked.`,
    'Use --passphrase-file, an ssh-agent, or store the secret with the app.',
  );
}

async function unlock(vault: Vault, secret: () => Promise<Outcome<string>>): Promise<Outcome<unknown>> {
  const { state } = await vault.state();
  if (state !== 'locked') return failed('vault-locked', 'The key store cannot be opened with a passphrase.');
  const passphrase = await secret();
  return passphrase.ok ? vault.unlock(passphrase.value) : passphrase;
}
