// What is shown to an SSH server to sign in, made of the record's sign-in kind and a secret; never logged.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { SignIn } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { errorCodeOf } from './ssh-failure.ts';

/** Keys stay text and are parsed by ssh2: a parsed key object fails there as "auth failed". */
export type Credentials =
  | { kind: 'agent'; socket: string }
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
  const parsed = ssh2.utils.parseKey(privateKey.value, passphrase);
  if (!(parsed instanceof Error)) {
    const first = Array.isArray(parsed) ? parsed[0] : parsed;
    if (first?.isPrivateKey()) return done({ kind: 'key', privateKey: privateKey.value, passphrase });
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
