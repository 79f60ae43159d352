// A release from a request: content that came along, decoded and verified, and content that the gateway already keeps.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { revisionOf, sha256Of } from '#certificates/hash';
import type { BundledFile, ReleasePath } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import { type ReferencedFile, referencedFiles } from '#contract/referenced-files';
import type { Release } from '#contract/requests';
import { findHeldFile } from '../store/kept-releases.ts';
import { maxFileBytes } from '../store/release-folder.ts';
import type { LoadedRelease } from '../store/release-store.ts';

const unzip = promisify(gunzip);

/** The whole release in memory; `files-missing` names what neither the request nor the gateway has. */
export async function assembleRelease(root: string, release: Release): Promise<Outcome<LoadedRelease>> {
  const named = referencedFiles(release.config);
  const stranger = Object.keys(release.files).find((sha256) => !named.some((file) => file.sha256 === sha256));
  if (stranger !== undefined) {
    return failed(
      'bad-request',
      `The bundle holds a file (${stranger.slice(0, 12)}) that the configuration does not name.`,
    );
  }
  const files = new Map<ReleasePath, Buffer>();
  const missing: string[] = [];
  for (const file of named) {
    const content = await obtain(root, file, release.files[file.sha256]);
    if (!content.ok) return content;
    if (content.value === null) missing.push(`${file.path} (${file.sha256.slice(0, 12)})`);
    else files.set(file.path, content.value);
  }
  if (missing.length > 0) {
    return failed('files-missing', `The gateway does not have ${missing.join(', ')}.`, 'Send the content along.');
  }
  return done({ revision: revisionOf(release.config), config: release.config, files });
}

async function obtain(root: string, file: ReferencedFile, bundled?: BundledFile): Promise<Outcome<Buffer | null>> {
  if (bundled === undefined) return done((await findHeldFile(root, file.sha256))?.content ?? null);
  const limit = maxFileBytes(file.purpose);
  const content = await decode(bundled, limit);
  if (content === null) {
    return failed('bad-request', `${file.path} cannot be unpacked, or is longer than ${limit / 1024 / 1024} MiB.`);
  }
  if (sha256Of(content) !== file.sha256) {
    return failed('bad-request', `The content sent for ${file.path} does not have the SHA-256 that it is sent under.`);
  }
  return done(content);
}

/** Null when it is no gzip or grows beyond the limit: a small bomb must not fill the gateway's memory. */
async function decode({ encoding, data }: BundledFile, maxBytes: number): Promise<Buffer | null> {
  const raw = Buffer.from(data, 'base64');
  if (encoding === 'base64') return raw.length <= maxBytes ? raw : null;
  return unzip(raw, { maxOutputLength: maxBytes }).catch(() => null);
}
