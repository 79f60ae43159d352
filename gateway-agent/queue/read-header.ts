// The header section of a message, for an operator who looks into the queue.
import type { Readable } from 'node:stream';
import { done } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';
import { storageFailure } from './disk.ts';
import type { SmallBody } from './record-format.ts';

/** More than any real header; Postfix' header_size_limit is 102,400, and this is for reading only. */
const maxHeaderBytes = 64 * 1024;

/** Ends before the empty line. Reads no more of a stream than it needs. */
export async function readHeader(body: SmallBody | Readable): Promise<Outcome<string>> {
  try {
    const start = await readStart(body);
    const end = start.indexOf('\r\n\r\n');
    return done(start.toString('utf8', 0, Math.min(end < 0 ? start.length : end + 2, maxHeaderBytes)));
  } catch (error) {
    return storageFailure(error);
  }
}

async function readStart(body: SmallBody | Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a body is read as buffers');
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxHeaderBytes) break;
  }
  return Buffer.concat(chunks);
}
