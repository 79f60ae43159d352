// A server's public key as people and files know it.
import { createHash } from 'node:crypto';
import type { HostKey } from '#contract/fleet';
import { plainText } from './plain-text.ts';

/** Reads the key blob of the handshake; the fingerprint is the one that `ssh-keygen -l` prints. */
export function readHostKey(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return {
    type: plainText(blob.subarray(4, 4 + Math.min(length, 64)).toString('latin1')), // the server’s own word
    key: blob.toString('base64'),
    fingerprint: `SHA256:${digest}`,
  };
}
