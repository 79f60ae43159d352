// Looks for one push in a file of the event log without holding the file: a day of busy mail has hundreds of megabytes,
// and the process that reads it also takes mail, under a limit of memory.
import { createReadStream } from 'node:fs';
import { PushRecord } from '#contract/replies';

/** What is read at once; the longest line is far shorter. */
const blockBytes = 1024 * 1024;

/** The newest record of the push in this file, or null; null also where the file cannot be read. */
export async function findPushRecord(path: string, pushId: string): Promise<PushRecord | null> {
  let found: PushRecord | null = null;
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: blockBytes })) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a file without encoding is read as buffers');
      const block = Buffer.concat([rest, chunk]);
      const end = block.lastIndexOf('\n') + 1;
      found = newestIn(block.subarray(0, end), pushId) ?? found;
      rest = block.subarray(end).length > blockBytes ? Buffer.alloc(0) : block.subarray(end);
    }
  } catch {
    return found;
  }
  return newestIn(rest, pushId) ?? found;
}

function newestIn(lines: Buffer, pushId: string): PushRecord | null {
  for (let at = lines.lastIndexOf(pushId); at >= 0;) {
    const start = lines.lastIndexOf('\n', at) + 1;
    const end = lines.indexOf('\n', at);
    const record = parseRecord(lines.toString('utf8', start, end < 0 ? lines.length : end));
    if (record?.pushId === pushId) return record;
    at = start === 0 ? -1 : lines.lastIndexOf(pushId, start - 1);
  }
  return null;
}

function parseRecord(line: string): PushRecord | null {
  if (!line.includes('"event":"push"')) return null;
  try {
    return PushRecord.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // a line cut off by a power failure
  }
}
