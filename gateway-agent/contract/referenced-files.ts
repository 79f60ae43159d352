// Which files a configuration names. Pure; used by whoever builds, sends, stores or loads a release.
import type { GatewayConfig } from './config.ts';
import type { FilePurpose, FileReference } from './files.ts';

/** One file of a configuration with the field that names it. */
export type ReferencedFile = FileReference & { purpose: FilePurpose };

/** Every file that the configuration names, in the order of the screen. */
export function referencedFiles(config: GatewayConfig): ReferencedFile[] {
  const { control, tls } = config.connections;
  const named: [FilePurpose, FileReference | null][] = [
    ['denyList', control.denyList],
    ['permitList', control.permitList],
    ['caCertificate', tls.caCertificate],
    ['privateKey', tls.privateKey],
    ['certificate', tls.certificate],
    ['outgoingCa', tls.outgoingCa],
  ];
  return named.flatMap(([purpose, reference]) => (reference === null ? [] : [{ purpose, ...reference }]));
}
