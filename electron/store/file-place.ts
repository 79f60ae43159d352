// Where the files of a fleet are read: in the folder as it lies on the disk, or in a state of it that git holds.
import { join } from 'node:path';
import { readPlainFile, type PlainFile } from './durable-files.ts';

/** The folder's path, or what gives a file of another state by its path inside the folder. */
export type FilePlace = string | ((path: string) => Promise<PlainFile>);

/** Reads an ordinary file there; `path` is that inside the folder. */
export async function readAt(place: FilePlace, path: string, maxBytes: number): Promise<PlainFile> {
  if (typeof place === 'string') return readPlainFile(join(place, path), maxBytes);
  const file = await place(path);
  const isGiant = file.kind === 'content' && file.content.length > maxBytes;
  return isGiant ? { kind: 'refused', reason: `It is larger than ${maxBytes / 1024 / 1024} MiB.` } : file;
}
