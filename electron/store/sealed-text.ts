// Authenticated encryption of small texts. The name is part of what is authenticated, so that a file moved to another
// name, or changed by a bit, does not open.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM, NIST SP 800-38D: 96-bit nonce, 128-bit tag. */
const [algorithm, keyBytes, nonceBytes, tagBytes] = ['aes-256-gcm', 32, 12, 16] as const;

/** A new random key. */
export function newSealingKey(): Buffer {
  return randomBytes(keyBytes);
}

/** Base64 of nonce, tag and ciphertext. A random nonce is safe for 2^32 texts under one key. */
export function sealText(key: Buffer, name: string, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(name, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64');
}

/** The text, or null where key, name or content is not what it was sealed with. */
export function openSealedText(key: Buffer, name: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < nonceBytes + tagBytes) return null;
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return null; // node:crypto throws one error for every kind of mismatch
  }
}
