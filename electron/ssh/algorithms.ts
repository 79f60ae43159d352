// What Postern offers in an SSH handshake, in its own words instead of the library's defaults.
import type { HostKey } from '#contract/fleet';

// ssh2's default group-exchange key exchange costs the client 1.8 s of CPU and blocks the event loop; measured.
const keyExchange = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
] as const;

// No ssh-rsa: its signature is SHA-1.
const hostKeyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

// No chacha20: Electron's BoringSSL lacks it, and one list for both is one list to test.
const ciphers = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'] as const;

const macs = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
] as const;

/** The offer; algorithms of pinned host keys come first, so that a server with several keys shows the pinned one. */
export function offeredAlgorithms(pinned: readonly HostKey[]) {
  const isPinned = (algorithm: string) => pinned.some((key) => key.type === keyTypeOf(algorithm));
  return {
    kex: [...keyExchange],
    serverHostKey: [
      ...hostKeyAlgorithms.filter((name) => isPinned(name)),
      ...hostKeyAlgorithms.filter((name) => !isPinned(name)),
    ],
    cipher: [...ciphers],
    hmac: [...macs],
    compress: ['none' as const],
  };
}

function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}
