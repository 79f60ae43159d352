// Certificates in the fleet folder: `certificates/<sha256>.pem`, named after their content. Public material only.
import { Sha256 } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import { sha256Of } from '#certificates/hash';
import { readAt, type FilePlace } from './file-place.ts';
import type { Plan } from './folder-writer.ts';

/** 1 MiB: what an upload may hold; a chain of four RSA-4096 certificates has 8 KB. */
const maxCertificateBytes = 1024 * 1024;

function certificatePath(sha256: string): string {
  return `certificates/${Sha256.parse(sha256)}.pem`;
}

/** Reads a certificate file and compares its content with its name. */
export async function loadCertificate(place: FilePlace, sha256: Sha256): Promise<Outcome<string>> {
  const path = certificatePath(sha256);
  const file = await readAt(place, path, maxCertificateBytes);
  if (file.kind === 'missing')
    return failed('not-found', `${path} is missing in the fleet folder.`, 'Upload it again.');
  if (file.kind === 'refused') return failed('folder-unreadable', `${path} cannot be read. ${file.reason}`);
  if (sha256Of(file.content) === sha256) return done(file.content.toString('utf8'));
  // git on Windows may have written CRLF: the hash is that of the text as it was stored.
  const text = file.content.toString('utf8').replaceAll('\r\n', '\n');
  if (sha256Of(text) === sha256) return done(text);
  return failed('folder-unreadable', `${path} was changed: its content is not what its name says.`, 'Upload it again.');
}

/** Stores a certificate under its hash. A file that holds a private key never enters the folder. */
export async function planCertificate(folder: string, pem: string, words: string): Promise<Outcome<Plan<Sha256>>> {
  if (/PRIVATE KEY-----/.test(pem)) {
    return failed('certificate-rejected', 'The file holds a private key besides the certificate.', 'Remove the key.');
  }
  const sha256 = sha256Of(pem);
  const present = await loadCertificate(folder, sha256);
  const changes = present.ok ? [] : [{ path: certificatePath(sha256), content: pem }];
  return done({ words, changes, value: sha256 });
}
