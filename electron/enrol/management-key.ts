// The key that a computer signs in with once a host is enrolled: fresh for each gateway, its private half in the vault.
import ssh2 from 'ssh2';
import { createFreshKeyPair } from '../ssh/fresh-key-pair.ts';

/** `blob` is the base64 of the public key, as authorized_keys has it. */
export type ManagementKey = { privateKey: string; publicKey: string; blob: string };

/** A new one. */
export function createManagementKey(): ManagementKey {
  const { privateKey, publicKey } = createFreshKeyPair('');
  return { privateKey, ...publicParts(publicKey) };
}

/** The key of a private half that was stored, or null where it is none. */
export function readManagementKey(privateKey: string): ManagementKey | null {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error || Array.isArray(parsed) || parsed.type !== 'ssh-ed25519') return null;
  return { privateKey, ...publicParts(`ssh-ed25519 ${parsed.getPublicSSH().toString('base64')}`) };
}

function publicParts(publicKey: string): { publicKey: string; blob: string } {
  const [type = '', blob = ''] = publicKey.trim().split(/\s+/);
  return { publicKey: `${type} ${blob}`, blob };
}

/** Who pushes, as authorized_keys may name it: it lies inside a command line there. */
export function authorName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._@-]+/g, '.')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 64);
  return plain === '' ? 'postern' : plain;
}
