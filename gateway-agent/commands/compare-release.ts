// What a release would change, told against the confirmed one.
import { readCertificate } from '#certificates/read-certificate';
import { type Change, describeDifference, type Snapshot } from '#contract/difference';
import type { GatewayConfig } from '#contract/config';
import { type FilePurpose, type ReleasePath, releasePaths, type Revision } from '#contract/files';
import type { CertificateFacts } from '#contract/replies';
import { findRelease } from '../store/found-release.ts';
import type { LoadedRelease } from '../store/release-store.ts';

/**
 * The semantic difference to the confirmed release as it lies there, with what somebody changed in its folder; to the
 * defaults where nothing is confirmed or its configuration cannot be read any more.
 */
export async function compareRelease(root: string, current: Revision | null, next: LoadedRelease): Promise<Change[]> {
  const found = current === null ? null : await findRelease(root, current);
  const config = found?.config ?? null;
  const before = config === null ? null : toSnapshot(config, (path) => found?.files.get(path)?.content);
  const after = toSnapshot(next.config, (path) => next.files.get(path));
  return describeDifference(before, after);
}

function toSnapshot(config: GatewayConfig, contentOf: (path: ReleasePath) => Buffer | undefined): Snapshot {
  const text = (purpose: FilePurpose): string => contentOf(releasePaths[purpose])?.toString('utf8') ?? '';
  return {
    config,
    denyText: text('denyList'),
    permitText: text('permitList'),
    certificate: readFacts(text('certificate')),
    caCertificate: readFacts(text('caCertificate')),
  };
}

/** Null also for a file that is no certificate: that one is a finding of its own. */
function readFacts(pem: string): CertificateFacts | null {
  const certificate = readCertificate(pem);
  return certificate.ok ? certificate.value.facts : null;
}
