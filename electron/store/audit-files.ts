// The files of an audit log: `audit/<writer>.jsonl`, then `<writer>.2.jsonl` and on. Small ones, because each save
// brings the newest into git as a whole; a finished one never changes again.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditEntry, entriesOf } from './audit-chain.ts';
import { blobName } from './blob-name.ts';
import { namesIn, readPlainFile, systemCodeOf } from './durable-files.ts';
import type { FileChange } from './folder-history.ts';

/** 200 entries. Half of it is what a save adds to the repository, compressed 8 KiB. Postern's own number. */
export const fullBytes = 64 * 1024;

/** 256 MiB: a larger file was not written by Postern. */
const maxFileBytes = 256 * 1024 * 1024;

/** The folder of the logs inside the fleet folder. */
export const auditFolderName = 'audit';

/** The name of a writer's first, second, … file. */
export function auditFileName(writer: string, part: number): string {
  return part === 1 ? `${writer}.jsonl` : `${writer}.${part}.jsonl`;
}

/** By writer the numbers of its files, in order. */
export async function listAuditFiles(logs: string): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (const name of await namesIn(logs)) {
    const [, writer, part = '1'] = /^([a-z0-9-]+)(?:\.([1-9]\d{0,6}))?\.jsonl$/.exec(name) ?? [];
    if (writer === undefined || name !== auditFileName(writer, Number(part))) continue;
    found.set(writer, [...(found.get(writer) ?? []), Number(part)]);
  }
  for (const parts of found.values()) parts.sort((one, other) => one - other);
  return found;
}

/** A writer's whole log; what cannot be read is told in words, and missing from the text. */
export async function readAuditText(
  logs: string,
  writer: string,
  parts: readonly number[],
): Promise<{ text: string; refused: string[] }> {
  let text = '';
  const refused: string[] = [];
  for (const part of parts) {
    const file = await readPlainFile(join(logs, auditFileName(writer, part)), maxFileBytes);
    if (file.kind === 'refused') refused.push(`The log cannot be read. ${file.reason}`);
    if (file.kind !== 'content') continue;
    // Where a hand has cut a line at the end of a file, the next file's first line is not spoilt by it.
    text += `${text === '' || text.endsWith('\n') ? '' : '\n'}${file.content.toString('utf8')}`;
  }
  return { text, refused };
}

/** Reads all files of all writers, without judging them; one that did not change is not read again. */
export function createAuditReader<T>(logs: string, make: (entries: AuditEntry[]) => T): () => Promise<T[]> {
  const known = new Map<string, { stamp: string; made: T }>();
  return async () => {
    const all: T[] = [];
    for (const [writer, parts] of await listAuditFiles(logs)) {
      for (const part of parts) {
        const path = join(logs, auditFileName(writer, part));
        const stamp = await stampOf(path);
        let kept = known.get(path);
        if (kept?.stamp !== stamp) {
          const { text } = await readAuditText(logs, writer, [part]);
          kept = { stamp, made: make(entriesOf(writer, text)) };
          known.set(path, kept);
        }
        all.push(kept.made);
      }
    }
    return all;
  };
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return `${size} ${mtimeNs} ${ino}`;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

/** What of the logs git does not hold yet; `held` are git's blobs by file name. From each writer's newest file back. */
export async function auditFilesToKeep(folder: string, held: ReadonlyMap<string, string>): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  const logs = join(folder, auditFolderName);
  for (const [writer, parts] of await listAuditFiles(logs)) {
    for (const part of parts.toReversed()) {
      const name = auditFileName(writer, part);
      const file = await readPlainFile(join(logs, name), maxFileBytes);
      if (file.kind !== 'content') continue;
      if (held.get(name) === blobName(file.content)) break;
      changes.push({ path: `${auditFolderName}/${name}`, content: file.content });
    }
  }
  return changes;
}
