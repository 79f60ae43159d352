// Keys and certificates made by the openssl program, as administrators make them.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

export type PemPair = { key: string; encryptedKey: string; certificate: string };

/** A self-signed EC pair, in time for a year; `passphrase` opens `encryptedKey`. */
export async function makePemPair(folder: string, passphrase: string, hostName = 'mx1.example.test'): Promise<PemPair> {
  const [key, encrypted, certificate] = ['key.pem', 'encrypted.pem', 'cert.pem'].map((name) => join(folder, name));
  if (!key || !encrypted || !certificate) throw new Error('three names were given');
  const openssl = (...args: string[]) => runFile('openssl', args);
  await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
  await openssl('pkcs8', '-topk8', '-in', key, '-out', encrypted, '-v2', 'aes256', '-passout', `pass:${passphrase}`);
  const subject = ['-subj', `/CN=${hostName}`, '-addext', `subjectAltName=DNS:${hostName}`];
  await openssl('req', '-x509', '-new', '-key', key, '-days', '365', '-out', certificate, ...subject);
  const read = (path: string) => readFile(path, 'utf8');
  return { key: await read(key), encryptedKey: await read(encrypted), certificate: await read(certificate) };
}

/** The same certificate, issued again so that it ended yesterday. */
export async function makeExpired(folder: string, pair: PemPair): Promise<string> {
  const [key, certificate] = [join(folder, 'again.key'), join(folder, 'again.pem')];
  await writeFile(key, pair.key);
  await writeFile(certificate, pair.certificate);
  const { stdout } = await runFile('openssl', ['x509', '-in', certificate, '-signkey', key, '-days', '-1']);
  return stdout;
}
