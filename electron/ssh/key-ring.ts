// Which keys are offered to a server, and in which order: those of the ssh-agent and of files, asked for anew at every
// sign-in, because an agent may have been restarted or unlocked since.
import ssh2, {
  type AnyAuthMethod,
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import { done, failed, type Outcome } from '#contract/outcome';
import { parseKeyOnce, type Credentials } from './credentials.ts';

/** A key that can sign. `blob`: its public half, base64. */
export type OfferedKey = { blob: string; methodFor: (username: string) => AnyAuthMethod };

/** An agent answers at once unless it asks a person to unlock it. */
const agentMilliseconds = 10_000;

const noAgent = failed('sign-in-failed', 'The ssh-agent here does not answer.', 'Start it, or choose a key file.');

/** All keys, best first. Never empty. */
export async function gatherKeys(
  credentials: Exclude<Credentials, { kind: 'password' }>,
): Promise<Outcome<OfferedKey[]>> {
  switch (credentials.kind) {
    case 'key': {
      const key = fileKey(credentials.privateKey, credentials.passphrase);
      return key === null ? failed('sign-in-failed', 'The private key cannot be used.') : done([key]);
    }
    case 'agent': {
      const keys = await agentKeys(credentials.socket);
      if (keys === null) return noAgent;
      return keys.length > 0
        ? done(keys)
        : failed('sign-in-failed', 'The ssh-agent here holds no key.', 'Run ssh-add.');
    }
    case 'keys':
      return gatherAsSsh(credentials);
  }
}

/** ssh(1): keys of the agent that are named as files, the agent's other keys, then files that it does not hold. */
async function gatherAsSsh(credentials: Extract<Credentials, { kind: 'keys' }>): Promise<Outcome<OfferedKey[]>> {
  const { agentSocket, identitiesOnly } = credentials;
  const files = credentials.keys.flatMap(({ privateKey, passphrase }) => fileKey(privateKey, passphrase) ?? []);
  const named = [...credentials.publicBlobs, ...files.map(({ blob }) => blob)];
  const fromAgent = agentSocket === null ? [] : ((await agentKeys(agentSocket)) ?? []);
  const rank = ({ blob }: OfferedKey) => (named.includes(blob) ? named.indexOf(blob) : named.length);
  const offered = fromAgent
    .filter(({ blob }) => !identitiesOnly || named.includes(blob))
    .sort((a, b) => rank(a) - rank(b));
  const held = new Set(offered.map(({ blob }) => blob));
  const all = [...offered, ...files.filter(({ blob }) => !held.has(blob))];
  if (all.length > 0) return done(all);
  return credentials.lockedFiles > 0
    ? failed('secret-needed', 'The private key is encrypted.', 'Load it into the ssh-agent: ssh-add FILE')
    : failed('sign-in-failed', 'There is no key to sign in with: no ssh-agent has one, and no key file is there.');
}

function fileKey(privateKey: string, passphrase: string | undefined): OfferedKey | null {
  const key = parseKeyOnce(privateKey, passphrase);
  if (key instanceof Error) return null;
  return { blob: blobOf(key), methodFor: (username) => ({ type: 'publickey', username, key }) };
}

/** Null: no answer. */
function agentKeys(socket: string): Promise<OfferedKey[] | null> {
  return new Promise((resolve) => {
    const agent = ssh2.createAgent(socket);
    const timer = setTimeout(() => resolve(null), agentMilliseconds);
    agent.getIdentities((error, identities) => {
      clearTimeout(timer);
      if (error) return resolve(null);
      resolve((identities ?? []).flatMap((identity) => toOffered(agent, identity)));
    });
  });
}

function toOffered(agent: BaseAgent, identity: unknown): OfferedKey[] {
  const [key] = [ssh2.utils.parseKey(identity as Buffer)].flat(); // a parsed key comes back as it is
  if (key === undefined || key instanceof Error) return [];
  const one = new OneKeyAgent(agent, key);
  return [{ blob: blobOf(key), methodFor: (username) => ({ type: 'agent', username, agent: one }) }];
}

/** The library offers all keys of an agent in one go; one at a time, the tries can be counted. */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent;
  readonly #key: ParsedKey;

  constructor(agent: BaseAgent, key: ParsedKey) {
    super();
    this.#agent = agent;
    this.#key = key;
  }

  getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#key]);
  }

  // oxlint-disable-next-line max-params -- the library's signature
  sign(key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }
}

function blobOf(key: ParsedKey): string {
  return key.getPublicSSH().toString('base64');
}

/** The key that a server took last; offering it first saves tries and round trips at a reconnect. */
const lastAccepted = new Map<string, string>();

/** The keys with the one in front that was accepted there before. */
export function acceptedFirst(where: string, keys: readonly OfferedKey[]): OfferedKey[] {
  const before = lastAccepted.get(where);
  return [...keys].sort((a, b) => Number(b.blob === before) - Number(a.blob === before));
}

/** Whether it is the one that was accepted there before. */
export function wasAccepted(where: string, key: OfferedKey): boolean {
  return lastAccepted.get(where) === key.blob;
}

/** Remembers it for this run of the program. */
export function rememberAccepted(where: string, key: OfferedKey): void {
  lastAccepted.set(where, key.blob);
}
