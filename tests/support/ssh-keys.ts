// Host and client keys, made by OpenSSH's own ssh-keygen.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostKey } from '../../gateway-agent/contract/fleet.ts';

const runFile = promisify(execFile);

/** Makes a key pair (`<file>` and `<file>.pub`), encrypted when a passphrase is given; gives the private key's path. */
export async function makeKeyPair(file: string, passphrase = ''): Promise<string> {
  await rm(file, { force: true });
  await runFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', file]);
  return file;
}

/** Encrypts a private key file that has no passphrase. */
export async function changePassphrase(file: string, passphrase: string): Promise<void> {
  await runFile('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', file]);
}

/** Makes `host_key` anew, writes `known_hosts` for it, and gives it as a fleet folder stores it. */
export async function makeHostKey(folder: string, port: number): Promise<HostKey> {
  const file = await makeKeyPair(join(folder, 'host_key'));
  const [type = '', key = ''] = (await readFile(`${file}.pub`, 'utf8')).split(' ');
  await writeFile(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return { type, key, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
}
