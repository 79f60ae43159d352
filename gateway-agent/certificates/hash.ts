// SHA-256 of contents and of configurations: the names of files and of revisions.
import { createHash } from 'node:crypto';
import { canonicalConfig } from '#contract/canonical-json';
import type { GatewayConfig } from '#contract/config';
import type { Revision, Sha256 } from '#contract/files';

/** Lower-case hexadecimal; text is hashed as UTF-8. */
export function sha256Of(content: Uint8Array | string): Sha256 {
  return createHash('sha256').update(content).digest('hex');
}

/** Names a configuration for good: the SHA-256 of its canonical JSON. */
export function revisionOf(config: GatewayConfig): Revision {
  return sha256Of(canonicalConfig(config));
}
