// What a release would change, told against the confirmed one.
import { readCertificate } from '#certificates/read-certificate';
import { type Change, describeDifference, type Snapshot } from '#contract/difference';
import { type FilePurpose, releasePaths, type Revision } from '#contract/files';
import type { CertificateFacts } from '#contract/replies';
import { loadRelease, type LoadedRelease } from '../store/release-store.ts';

/** The semantic difference to the confirmed release; to the defaults where nothing is confirmed or it is damaged. */
export async function compareRelease(root: string, current: Revision | null, next: LoadedRelease): Promise<Change[]> {
  const before = current === null ? null : await loadRelease(root, current);
  return describeDifference(before?.ok === true ? toSnapshot(before.value) : null, toSnapshot(next));
}

function toSnapshot({ config, files }: LoadedRelease): Snapshot {
  const text = (purpose: FilePurpose): string => files.get(releasePaths[purpose])?.toString('utf8') ?? '';
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
