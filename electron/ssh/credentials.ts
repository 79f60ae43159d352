// What is shown to an SSH server to sign in, made of the record's sign-in kind and a secret; never logged.
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import type { SignIn } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import type { ConfiguredSignIn } from './openssh/configured-route.ts';
import { errorCodeOf } from './ssh-failure.ts';

/** `keys`: whatever ssh itself would try. Keys stay text, so that two of them can be compared. */
export type Credentials =
  | { kind: 'agent'; socket: string }
  | {
      kind: 'keys';
      agentSocket: string | null;
      /** Only keys that are named count, of the agent too. */
      identitiesOnly: boolean;
      keys: { privateKey: string; passphrase?: string | undefined }[];
      /** Public halves of named keys, base64: an agent may hold what is encrypted here. */
      publicBlobs: string[];
      /** Named files that nobody could open. */
      lockedFiles: number;
    }
  | { kind: 'key'; privateKey: string; passphrase?: string | undefined }
  | { kind: 'password'; password: string };

/** 64 KiB: an RSA-16384 key file has 13 KB. */
const maxKeyFileBytes = 64 * 1024;

/** Reads what the sign-in kind names. `secret`: the password, the passphrase of the key file, or the stored key itself. */
export async function loadCredentials(signIn: SignIn, secret: string | null): Promise<Outcome<Credentials>> {
  switch (signIn.kind) {
    case 'agent':
      return findSshAgent();
    case 'password':
      if (secret === null) return failed('secret-needed', 'The password for this gateway is not known here.');
      return done({ kind: 'password', password: secret });
    case 'stored-key':
      if (secret === null)
        return failed('secret-needed', 'The management key of this gateway is not on this computer.');
      return parsePrivateKey(secret, null);
    case 'key':
      return loadPrivateKey(signIn.file, secret);
  }
}

function findSshAgent(): Outcome<Credentials> {
  const socket = process.env['SSH_AUTH_SOCK'];
  if (socket !== undefined && socket !== '') return done({ kind: 'agent', socket });
  if (process.platform === 'win32') return done({ kind: 'agent', socket: 'pageant' });
  return failed('sign-in-failed', 'No ssh-agent runs here: SSH_AUTH_SOCK is not set.', 'Start one, or choose a key.');
}

async function loadPrivateKey(file: string, secret: string | null): Promise<Outcome<Credentials>> {
  const content = await readKeyFile(file);
  return content.ok ? parsePrivateKey(content.value, secret) : content;
}

/** What ssh_config names. `secret` opens an encrypted file; without it the agent may still hold that key. */
export async function loadConfiguredKeys(
  signIn: ConfiguredSignIn,
  secret: string | null,
): Promise<Outcome<Credentials>> {
  const { agentSocket, identitiesOnly, areNamed, identityFiles } = signIn;
  const found: Extract<Credentials, { kind: 'keys' }> = {
    kind: 'keys',
    agentSocket,
    identitiesOnly,
    keys: [],
    publicBlobs: [],
    lockedFiles: 0,
  };
  for (const file of identityFiles) {
    found.publicBlobs.push(...(await readPublicHalf(file)));
    const key = await loadPrivateKey(file, secret);
    if (key.ok && key.value.kind === 'key') {
      found.keys.push({ privateKey: key.value.privateKey, passphrase: key.value.passphrase });
    } else if (!key.ok && key.problem.code === 'secret-needed') found.lockedFiles += 1;
    else if (!key.ok && areNamed && agentSocket === null && identityFiles.length === 1) return key;
  }
  if (agentSocket !== null || found.keys.length > 0) return done(found);
  if (found.lockedFiles > 0) return failed('secret-needed', 'The private key is encrypted.');
  return failed('sign-in-failed', 'There is no key to sign in with: no ssh-agent runs, and no key file is there.');
}

/** `file.pub`, or the file itself where only the public half lies here. */
async function readPublicHalf(file: string): Promise<string[]> {
  const text = await readFile(`${file}.pub`, 'utf8').catch(() => readFile(file, 'utf8').catch(() => ''));
  const [, blob] = /^(?:ssh-|ecdsa-|sk-)\S+ ([A-Za-z0-9+/]+={0,2})/.exec(text) ?? [];
  return blob === undefined ? [] : [blob];
}

/** Opening an encrypted key takes bcrypt some 100 ms; a fleet shares one key. */
const parsedKeys = new Map<string, ParsedKey>();
const maxParsedKeys = 256;

/** The parsed key; the same text and passphrase are parsed once. */
export function parseKeyOnce(content: string, passphrase: string | undefined): ParsedKey | Error {
  const name = createHash('sha256')
    .update(JSON.stringify([content, passphrase]))
    .digest('base64');
  const known = parsedKeys.get(name);
  if (known !== undefined) return known;
  const [key] = [ssh2.utils.parseKey(content, passphrase)].flat();
  if (key === undefined || key instanceof Error) return key ?? new Error('no key');
  if (parsedKeys.size >= maxParsedKeys) parsedKeys.clear();
  parsedKeys.set(name, key);
  return key;
}

async function readKeyFile(file: string): Promise<Outcome<string>> {
  try {
    // A fleet folder is shared: `~/.ssh/postern` is each teammate's own key.
    const content = await readFile(/^~[/\\]/.test(file) ? join(homedir(), file.slice(2)) : file, 'utf8');
    if (content.length > maxKeyFileBytes)
      return failed('sign-in-failed', 'The private key file is too large for a key.');
    return done(content);
  } catch (error) {
    const reason = errorCodeOf(error) === 'ENOENT' ? 'it does not exist' : `it cannot be read (${errorCodeOf(error)})`;
    return failed('sign-in-failed', `The private key file is of no use: ${reason}.`, 'Choose the file again.');
  }
}

/** A private key in any form that OpenSSH writes, or PKCS#8 (RSA and EC). */
export function parsePrivateKey(content: string, secret: string | null): Outcome<Credentials> {
  const privateKey = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(content)
    ? fromPkcs8(content, secret)
    : done(content);
  if (!privateKey.ok) return privateKey;
  const passphrase = privateKey.value === content && secret !== null ? secret : undefined;
  const parsed = parseKeyOnce(privateKey.value, passphrase);
  if (!(parsed instanceof Error)) {
    if (parsed.isPrivateKey()) return done({ kind: 'key', privateKey: privateKey.value, passphrase });
    return failed('sign-in-failed', 'The file holds a public key; signing in needs the private one.');
  }
  const text = parsed.message;
  if (/no passphrase given/i.test(text)) return failed('secret-needed', 'The private key is encrypted.');
  if (/integrity|decrypt|malformed/i.test(text) && secret !== null) {
    return failed('sign-in-failed', 'The passphrase does not open the private key.');
  }
  return failed('sign-in-failed', 'The file holds no private key that SSH knows.');
}

function fromPkcs8(content: string, secret: string | null): Outcome<string> {
  const isEncrypted = content.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
  if (isEncrypted && secret === null) return failed('secret-needed', 'The private key is encrypted.');
  let key: KeyObject;
  try {
    key = createPrivateKey(isEncrypted && secret !== null ? { key: content, passphrase: secret } : content);
  } catch {
    return isEncrypted
      ? failed('sign-in-failed', 'The passphrase does not open the private key.')
      : failed('sign-in-failed', 'The file holds no private key that SSH knows.');
  }
  // ssh2 reads the older PEM forms only.
  if (key.asymmetricKeyType === 'rsa') return done(key.export({ type: 'pkcs1', format: 'pem' }).toString());
  if (key.asymmetricKeyType === 'ec') return done(key.export({ type: 'sec1', format: 'pem' }).toString());
  return failed(
    'sign-in-failed',
    `A key of type ${key.asymmetricKeyType ?? 'unknown'} must be in OpenSSH's own format.`,
    'Convert it with: ssh-keygen -p -f FILE',
  );
}
