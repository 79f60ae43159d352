// Reads a body back from the log and proves that it is what was written.
import { crc32 } from 'node:zlib';
import { close, openToRead, readAt } from './disk.ts';
import type { Place } from './log-writer.ts';
import { readHead } from './record-format.ts';

/** The body, or null when it is damaged. Throws what the file system throws. */
export async function readBody({ segment, offset, headBytes, bodyBytes }: Place): Promise<Buffer | null> {
  const descriptor = await openToRead(segment.path);
  try {
    const bytes = await readAt(descriptor, headBytes + bodyBytes, offset);
    const head = readHead(bytes, segment.marker);
    const body = bytes.subarray(headBytes);
    return head && head.bodyBytes === body.length && crc32(body) === head.bodyCrc ? body : null;
  } finally {
    await close(descriptor);
  }
}
