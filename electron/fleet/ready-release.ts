// A release as the desktop holds it before a push, and what of it goes on the wire.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { GatewayConfig } from '#contract/config';
import type { Revision, Sha256 } from '#contract/files';
import type { Outcome, Problem } from '#contract/outcome';
import { rideAlongBytes } from '#contract/protocol';
import type { Release } from '#contract/requests';
import { buildRelease } from '../store/build-release.ts';
import type { FleetFolder } from '../store/fleet-folder.ts';
import type { Unsaved } from '../store/scope-view.ts';
import type { Vault } from '../store/vault.ts';

/** A private key that is not on this computer is missing here; the gateway keeps the one that the configuration names. */
export type ReadyRelease = {
  revision: Revision;
  config: GatewayConfig;
  contents: ReadonlyMap<Sha256, Buffer>;
  missingHere: readonly Sha256[];
  /** Why it is missing although it is stored here: a locked vault, for one. */
  missingBecause?: Problem | null;
};

/** Where releases come from: the fleet folder and the vault. */
export type ReleaseSource = {
  /** As saved, or as if one scope above the gateway, or its own, had this draft. */
  build(name: string, unsaved?: Unsaved): Promise<Outcome<ReadyRelease>>;
};

/** The saved settings and the drafts of one fleet folder. */
export function releasesOf(folder: FleetFolder, vault: Vault): ReleaseSource {
  return { build: (gateway, unsaved) => buildRelease(folder, vault, { gateway, unsaved }) };
}

const compress = promisify(gzip);

/** Small files ride along, large ones (gzip) only where the gateway lacks them. */
export async function bundleRelease(release: ReadyRelease, held: ReadonlySet<Sha256>): Promise<Release> {
  const files: Release['files'] = {};
  for (const [sha256, content] of release.contents) {
    if (content.length <= rideAlongBytes) {
      files[sha256] = { encoding: 'base64', data: content.toString('base64') };
    } else if (!held.has(sha256)) {
      files[sha256] = { encoding: 'gzip+base64', data: (await compress(content)).toString('base64') };
    }
  }
  return { config: release.config, files };
}

/** True where a file is too large to send without asking first what the gateway holds. */
export function hasLargeFile(release: ReadyRelease): boolean {
  return [...release.contents.values()].some((content) => content.length > rideAlongBytes);
}
