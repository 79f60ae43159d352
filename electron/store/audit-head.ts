// What this computer remembers of a fleet's audit logs, outside the fleet folder: how far its own log goes, and how
// far the others' went when they were last seen. Without it nobody would notice that the end of a log was cut off.
import { randomBytes } from 'node:crypto';
import { realpath, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { Sha256 } from '#contract/files';
import { sha256Of } from '#certificates/hash';
import { startOf } from './audit-chain.ts';
import { readPlainFile, systemCodeOf, writeDurably } from './durable-files.ts';

const End = z.strictObject({ count: z.int().min(0), hash: Sha256 });

const AuditHead = z.strictObject({
  version: z.literal(1),
  folder: z.string(), // for people who look into the file
  /** Names this computer's log in this fleet folder: two copies of one fleet never write the same file. */
  writer: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
  end: End,
  /** Which of its files is the newest, and how long that is up to `end`. */
  part: z.int().min(1).default(1),
  bytes: z.int().min(0),
  seen: z.record(z.string(), End),
});
export type AuditHead = z.infer<typeof AuditHead>;

/** Ours holds a line for each computer of a team. */
const maxHeadBytes = 4 * 1024 * 1024;

/** `isNew`: nothing was kept yet; `setAside`: what was kept cannot be read, and lies under this name now. */
export type LoadedHead = { head: AuditHead; isNew: boolean; setAside: string | null };

/** The file of one fleet folder. */
export async function headPath(appFolder: string, fleetFolder: string): Promise<string> {
  return join(appFolder, 'audit', `${await folderKey(fleetFolder)}.json`);
}

/** What the app's own folder calls a fleet folder, wherever a link leads to it. */
export async function folderKey(fleetFolder: string): Promise<string> {
  const real = await realpath(fleetFolder).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return resolve(fleetFolder);
    throw error;
  });
  return sha256Of(real).slice(0, 16);
}

/** What was kept, or a new beginning. A file that cannot be read is set aside, never overwritten. */
export async function loadHead(path: string, fleetFolder: string): Promise<LoadedHead> {
  const file = await readPlainFile(path, maxHeadBytes);
  if (file.kind === 'missing') return { head: newHead(fleetFolder), isNew: true, setAside: null };
  const read = file.kind === 'content' ? parseHead(file.content) : null;
  if (read !== null) return { head: read, isNew: false, setAside: null };
  const setAside = `${path}.damaged-${Date.now()}`;
  await rename(path, setAside);
  return { head: newHead(fleetFolder), isNew: true, setAside };
}

/** Replaces it in one synced step. */
export async function saveHead(path: string, head: AuditHead): Promise<void> {
  await writeDurably(path, `${JSON.stringify(head, null, 2)}\n`, 0o600);
}

function newHead(fleetFolder: string): AuditHead {
  const host = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const writer = `${host === '' ? 'computer' : host}-${randomBytes(4).toString('hex')}`;
  return { version: 1, folder: resolve(fleetFolder), writer, end: startOf(writer), part: 1, bytes: 0, seen: {} };
}

function parseHead(content: Buffer): AuditHead | null {
  try {
    return AuditHead.safeParse(JSON.parse(content.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
