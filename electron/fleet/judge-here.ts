// A release judged by the desktop alone, where the gateway cannot be asked: the same rules, less knowledge.
import { judgeConfig } from '#contract/judge-config';
import { countEntries } from '#contract/list-difference';
import { describeDifference, type Change, type Snapshot } from '#contract/difference';
import type { FileReference } from '#contract/files';
import type { CertificateFacts, Finding } from '#contract/replies';
import { judgeTls } from '#certificates/judge-tls';
import { readCertificate } from '#certificates/read-certificate';
import type { ReadyRelease } from './ready-release.ts';

/** Everything that needs no gateway: lists, certificates, settings that contradict each other. */
export function judgeHere(release: ReadyRelease, now: Date): Finding[] {
  const { tls, control } = release.config.connections;
  const denyEntries = countEntries(textOf(release, control.denyList));
  const permitEntries = countEntries(textOf(release, control.permitList));
  const keyIsElsewhere = tls.privateKey !== null && release.missingHere.includes(tls.privateKey.sha256);
  const tlsFindings = judgeTls(
    {
      certificate: fileOf(release, tls.certificate),
      privateKey: fileOf(release, tls.privateKey),
      caCertificate: fileOf(release, tls.caCertificate),
      outgoingCa: fileOf(release, tls.outgoingCa),
    },
    { hostNames: [], now },
  );
  const notice: Finding = {
    severity: 'notice',
    code: 'private-key-elsewhere',
    field: 'connections.tls.privateKey',
    message: 'The private key is not on this computer; the gateway keeps the one that it holds.',
  };
  return [
    ...judgeConfig(release.config, { denyEntries, permitEntries }),
    ...tlsFindings,
    ...(keyIsElsewhere ? [notice] : []),
  ];
}

/** What a first push changes: the difference to a gateway that nobody has touched. */
export function differenceToNothing(release: ReadyRelease): Change[] {
  const { control, tls } = release.config.connections;
  const snapshot: Snapshot = {
    config: release.config,
    denyText: textOf(release, control.denyList),
    permitText: textOf(release, control.permitList),
    certificate: factsOf(fileOf(release, tls.certificate)),
    caCertificate: factsOf(fileOf(release, tls.caCertificate)),
  };
  return describeDifference(null, snapshot);
}

function factsOf(pem: string | null): CertificateFacts | null {
  const read = pem === null ? null : readCertificate(pem);
  return read?.ok === true ? read.value.facts : null;
}

function fileOf(release: ReadyRelease, reference: FileReference | null): string | null {
  if (reference === null) return null;
  return release.contents.get(reference.sha256)?.toString('utf8') ?? null;
}

function textOf(release: ReadyRelease, reference: FileReference | null): string {
  return fileOf(release, reference) ?? '';
}
