// The name that git gives to a content.
import { createHash } from 'node:crypto';

/** SHA-1 of the content behind git's header for blobs. */
export function blobName(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
