// One release's folder read with suspicion: no link is followed, nothing is taken that its hash does not vouch for.
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { revisionOf, sha256Of } from '#certificates/hash';
import { GatewayConfig } from '#contract/config';
import { type FilePurpose, Revision, type Sha256 } from '#contract/files';
import { errnoOf, ignoreMissing, isRealFolder, readPlainFile } from './read-plain-file.ts';

/** `pushed.json`: who brought the release first, and when. Written once, like everything in a release. */
export const Pushed = z.object({ author: z.string(), storedAt: z.iso.datetime() });
export type Pushed = z.infer<typeof Pushed>;

/** Our own limit: 20,000 of the longest entries that a configuration may hold need less. */
export const maxConfigBytes = 8 * 1024 * 1024;

/** Our own limit: a name and a time. */
const maxPushedBytes = 4096;

/** Our own limits: a million entries with notes of 100 characters; a PEM file with a long chain. */
export function maxFileBytes(purpose: FilePurpose): number {
  return purpose === 'denyList' || purpose === 'permitList' ? 128 * 1024 * 1024 : 1024 * 1024;
}

/** Where the releases lie. */
export function releasesFolder(root: string): string {
  return join(root, 'releases');
}

/** Where one release lies. The revision is checked here, so that no text from a request becomes a path. */
export function releaseFolder(root: string, revision: Revision): string {
  return join(releasesFolder(root), Revision.parse(revision));
}

/** The configuration of a release folder if it is whole and has this revision, else null. */
export async function loadConfig(folder: string, revision: Revision): Promise<GatewayConfig | null> {
  const content = await readPlainFile(join(folder, 'config.json'), maxConfigBytes).catch(refusedAsNull);
  const config = GatewayConfig.safeParse(parseJson(content));
  return config.success && revisionOf(config.data) === revision ? config.data : null;
}

/** Who brought a release, or null where the note is missing or damaged. */
export async function loadPushed(folder: string): Promise<Pushed | null> {
  const content = await readPlainFile(join(folder, 'pushed.json'), maxPushedBytes).catch(refusedAsNull);
  return Pushed.safeParse(parseJson(content)).data ?? null;
}

/** The file if it is a plain one in a real folder and has this hash, else null. */
export async function loadVerified(path: string, sha256: Sha256, maxBytes: number): Promise<Buffer | null> {
  if (!(await isRealFolder(dirname(path)))) return null;
  const content = await readPlainFile(path, maxBytes).catch(refusedAsNull);
  return content !== null && sha256Of(content) === sha256 ? content : null;
}

/** Missing, a link, no plain file, too long: all mean that the content is not there. Other errors go on. */
export function refusedAsNull(error: unknown): null {
  const code = errnoOf(error);
  if (code !== null && ['ELOOP', 'EMLINK', 'EINVAL', 'EFBIG', 'ENOTDIR', 'ENXIO'].includes(code)) return null;
  return ignoreMissing(error);
}

/** The document, or null where there is none. */
export function parseJson(content: Buffer | null): unknown {
  try {
    return content === null ? null : (JSON.parse(content.toString('utf8')) as unknown);
  } catch {
    return null;
  }
}
