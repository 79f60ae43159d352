// `fetch`: a kept release as it lies on the gateway, so that a desktop can show what changed there and take it over.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ReleasePath, releasePaths, type Sha256, shortRevision } from '#contract/files';
import { done, failed } from '#contract/outcome';
import { maxFetchedBytes, rideAlongBytes } from '#contract/protocol';
import type { Answer, FetchReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { findRelease, type FoundRelease } from '../store/found-release.ts';
import type { CommandContext } from './command-context.ts';

const compress = promisify(gzip);

/** Configuration, lists and certificates; a private key is named by its hash and never sent. Needs no daemon. */
export async function fetch(
  { root }: CommandContext,
  { revision, holds }: Extract<Request, { verb: 'fetch' }>,
): Promise<Answer<FetchReply>> {
  const found = await findRelease(root, revision);
  if (found === null) {
    const name = `Release ${shortRevision(revision)}`;
    return failed('no-such-release', `${name} is not kept on the gateway.`, 'Choose one that `releases` lists.');
  }
  const { config, altered, pushed } = found;
  const { files, leftOut } = await packFiles(found, new Set(holds));
  return done({
    revision,
    config,
    files,
    altered,
    leftOut,
    author: pushed?.author ?? null,
    at: pushed?.storedAt ?? null,
  });
}

type Packed = Pick<FetchReply, 'files' | 'leftOut'>;

async function packFiles({ files: found }: FoundRelease, held: ReadonlySet<Sha256>): Promise<Packed> {
  const packed: Packed = { files: {}, leftOut: [] };
  let left = maxFetchedBytes;
  for (const [path, { sha256, content }] of found) {
    if (path === releasePaths.privateKey || held.has(sha256) || sha256 in packed.files) continue;
    if (holdsPrivateKey(path, content)) {
      packed.leftOut.push(`${path} holds a private key, which never leaves the gateway.`);
      continue;
    }
    const isSmall = content.length <= rideAlongBytes;
    const data = (isSmall ? content : await compress(content)).toString('base64');
    if (data.length > left) {
      packed.leftOut.push(`${path} is too large to be sent (${Math.ceil(content.length / 1024 / 1024)} MiB).`);
      continue;
    }
    left -= data.length;
    packed.files[sha256] = { encoding: isSmall ? 'base64' : 'gzip+base64', data };
  }
  return packed;
}

/** Somebody may have put both into one PEM file by hand. */
function holdsPrivateKey(path: ReleasePath, content: Buffer): boolean {
  return path.startsWith('tls/') && content.includes('PRIVATE KEY-----');
}
