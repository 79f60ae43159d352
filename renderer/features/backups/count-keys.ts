// Private keys in words.

/** `1 private key`, `no private keys`. */
export function countKeys(n: number): string {
  return n === 0 ? 'no private keys' : `${n} private key${n === 1 ? '' : 's'}`;
}
