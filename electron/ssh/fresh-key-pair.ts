// A new SSH key pair that is known to work.
import ssh2 from 'ssh2';

export type KeyPair = { privateKey: string; publicKey: string };

/** With 4 bad keys in 1,000, three tries in a row fail once in 16 million; ten are for ever. */
const tries = 10;

/** Ed25519 in OpenSSH's form. ssh2 1.17 writes about 1 of 250 such keys in a form that it cannot read: try again. */
export function createFreshKeyPair(comment: string): KeyPair {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (isReadable(privateKey) && isReadable(publicKey)) return { privateKey, publicKey };
  }
  throw new Error('ssh2 makes no key that it can read'); // a bug of the library, not of the operator
}

function isReadable(key: string): boolean {
  return !(ssh2.utils.parseKey(key) instanceof Error);
}
