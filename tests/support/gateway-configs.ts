// Configurations for tests of pure code: the defaults with a few settings changed, and file references to nothing.
import { GatewayConfig } from '#contract/config';
import { releasePaths, type FilePurpose } from '#contract/files';

type Changes = Omit<(typeof GatewayConfig)['_zod']['input'], 'schemaVersion'>;

/** The default configuration with these settings. */
export function configWith(changes: Changes): GatewayConfig {
  return GatewayConfig.parse({ schemaVersion: 1, ...changes });
}

/** A reference to a file of the purpose; each hexadecimal digit is another content. */
export function fileOf<P extends FilePurpose>(
  purpose: P,
  digit: string,
): { path: (typeof releasePaths)[P]; sha256: string } {
  return { path: releasePaths[purpose], sha256: digit.repeat(64) };
}
