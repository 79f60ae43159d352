// A kept release brought from a gateway, checked here: a gateway may be hostile, so content counts by its hash only.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { GatewayConfig } from '#contract/config';
import type { BundledFile, Revision, Sha256 } from '#contract/files';
import { done, type Outcome } from '#contract/outcome';
import { protocolVersion } from '#contract/protocol';
import { referencedFiles } from '#contract/referenced-files';
import { sha256Of } from '#certificates/hash';
import { asOutcome } from '../ssh/ask-agent.ts';
import type { GatewayLink } from './gateway-link.ts';

const unzip = promisify(gunzip);

/** As large as a list may be in the fleet folder; more cannot be taken over. */
const maxFileBytes = 64 * 1024 * 1024;

/** `config: null`: what lies there cannot be read by this version. `limits`: what did not come along, in words. */
export type FetchedRelease = {
  config: GatewayConfig | null;
  contents: Map<Sha256, Buffer>;
  altered: string[];
  limits: string[];
  author: string | null;
  at: string | null;
};

/** Asks for it; contents that are here already are not sent again. */
export async function fetchRelease(
  link: GatewayLink,
  revision: Revision,
  known: ReadonlyMap<Sha256, Buffer>,
): Promise<Outcome<FetchedRelease>> {
  const holds = [...known.keys()].slice(0, 100);
  const answer = asOutcome(await link.ask({ verb: 'fetch', protocol: protocolVersion, revision, holds }));
  if (!answer.ok) return answer;
  const { config, files, altered, leftOut, author, at } = answer.value;
  const fetched: FetchedRelease = { config, contents: new Map(known), altered, limits: [...leftOut], author, at };
  for (const { path, sha256 } of config === null ? [] : referencedFiles(config)) {
    const file = files[sha256];
    const content = file === undefined ? null : await decode(file);
    if (content === null) continue;
    if (sha256Of(content) === sha256) fetched.contents.set(sha256, content);
    else fetched.limits.push(`${path} came with another content than its hash says, and was not used.`);
  }
  return done(fetched);
}

async function decode({ encoding, data }: BundledFile): Promise<Buffer | null> {
  const raw = Buffer.from(data, 'base64');
  if (encoding === 'base64') return raw;
  return unzip(raw, { maxOutputLength: maxFileBytes }).catch(() => null);
}
