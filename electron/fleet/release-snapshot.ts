// A configuration with the contents that it names, as the words of a difference need it.
import type { GatewayConfig } from '#contract/config';
import type { Snapshot } from '#contract/difference';
import type { FileReference, Sha256 } from '#contract/files';
import type { CertificateFacts } from '#contract/replies';
import { readCertificate } from '#certificates/read-certificate';

/** Contents by hash; one that is not there reads as an empty list, or as a certificate told by its hash. */
export function snapshotOf(config: GatewayConfig, contents: ReadonlyMap<Sha256, Buffer>): Snapshot {
  const { control, tls } = config.connections;
  const textOf = (reference: FileReference | null): string =>
    (reference === null ? undefined : contents.get(reference.sha256))?.toString('utf8') ?? '';
  return {
    config,
    denyText: textOf(control.denyList),
    permitText: textOf(control.permitList),
    certificate: factsOf(textOf(tls.certificate)),
    caCertificate: factsOf(textOf(tls.caCertificate)),
  };
}

function factsOf(pem: string): CertificateFacts | null {
  const read = pem === '' ? null : readCertificate(pem);
  return read?.ok === true ? read.value.facts : null;
}
