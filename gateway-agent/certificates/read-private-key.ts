// Reads a private key file in any PEM form and normalises it to unencrypted PKCS#8. Storing that safely is the caller's.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { done, failed, type Outcome } from '#contract/outcome';
import { sha256Of } from './hash.ts';
import { keyTypeOf, weaknessOf } from './key-type.ts';
import { isCertificateBlock, isPrivateKeyBlock, splitPem, type PemBlock } from './split-pem.ts';

/** `spkiSha256` equals that of a certificate which belongs to the key. */
export type ReadPrivateKey = { pkcs8: string; keyType: string; spkiSha256: string };

/** `secret-needed` asks for the passphrase; everything else that is wrong is `certificate-rejected`. */
export function readPrivateKey(pem: string, passphrase?: string): Outcome<ReadPrivateKey> {
  const block = findKeyBlock(pem);
  if (!block.ok) return block;
  const isEncrypted = isEncryptedBlock(block.value);
  if (isEncrypted && passphrase === undefined) {
    return failed('secret-needed', 'The private key is encrypted.', 'Enter its passphrase.');
  }
  const key = parseKey(block.value.text, isEncrypted ? passphrase : undefined);
  if (key === null) return isEncrypted ? wrongPassphrase() : unreadable();
  const weakness = weaknessOf(key);
  if (weakness !== null) return failed('certificate-rejected', `The private key ${weakness}.`, 'Make a new key.');
  return done({
    pkcs8: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyType: keyTypeOf(key),
    spkiSha256: sha256Of(createPublicKey(key).export({ type: 'spki', format: 'der' })),
  });
}

function findKeyBlock(pem: string): Outcome<PemBlock> {
  const blocks = splitPem(pem, 'The private key file');
  if (!blocks.ok) return blocks;
  const keys = blocks.value.filter(isPrivateKeyBlock);
  const [first] = keys;
  if (first === undefined) {
    const isCertificate = blocks.value.some(isCertificateBlock);
    const found = isCertificate ? 'a certificate' : `only ${blocks.value[0]?.label ?? 'nothing'}`;
    return failed('certificate-rejected', `The private key file holds ${found}, not a private key.`);
  }
  if (keys.length > 1) {
    return failed('certificate-rejected', `The private key file holds ${keys.length} private keys.`, 'Leave one.');
  }
  if (first.label === 'OPENSSH PRIVATE KEY') {
    const hint = 'Convert it with: ssh-keygen -p -m PKCS8 -f FILE';
    return failed(
      'certificate-rejected',
      'The private key file is in the OpenSSH format, which TLS does not use.',
      hint,
    );
  }
  return done(first);
}

/** PKCS#8 says it in the label, the older PKCS#1 and SEC1 files in a header (RFC 1421 §4.6.1.1). */
function isEncryptedBlock({ label, text }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:\s*4,\s*ENCRYPTED$/m.test(text);
}

/** OpenSSL's errors differ between versions and say no more than that the bytes made no sense. */
function parseKey(pem: string, passphrase: string | undefined): KeyObject | null {
  try {
    return createPrivateKey(passphrase === undefined ? { key: pem } : { key: pem, passphrase });
  } catch {
    return null;
  }
}

/** Electron's BoringSSL knows fewer kinds than Node's OpenSSL: no RSA-PSS, no scrypt, no secp256k1. */
function unreadable(): Outcome<never> {
  const hint = 'RSA and EC keys (P-256, P-384, P-521) are read everywhere.';
  return failed('certificate-rejected', 'The private key is damaged, or of a kind that cannot be read here.', hint);
}

function wrongPassphrase(): Outcome<never> {
  return failed(
    'certificate-rejected',
    'The passphrase does not open the private key.',
    'If it is right, the file is damaged or encrypted in a way unknown here: use openssl pkcs8 -topk8 -v2 aes-256-cbc.',
  );
}
