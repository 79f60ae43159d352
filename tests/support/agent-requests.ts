// Requests as the desktop sends them, for tests that speak with an agent directly.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sha256Of } from '../../gateway-agent/certificates/hash.ts';
import { GatewayConfig } from '../../gateway-agent/contract/config.ts';
import { type FilePurpose, releasePaths } from '../../gateway-agent/contract/files.ts';
import type { Request } from '../../gateway-agent/contract/requests.ts';

export type ApplyRequest = Extract<Request, { verb: 'apply' }>;

export type ApplyOptions = {
  port: number;
  base?: string | null;
  pushId?: string;
  confirmWithinSeconds?: number;
  /** Content by purpose; the configuration names all of it. */
  files?: Partial<Record<FilePurpose, string>>;
  /** Whether the content rides along, or the gateway must have it. */
  sends?: boolean;
  offersStartTls?: boolean;
  maxConnections?: number;
};

/** An apply request for a listener on loopback. */
export function buildApply(options: ApplyOptions): ApplyRequest {
  const { port, base = null, pushId = randomUUID(), confirmWithinSeconds = 30, files = {}, sends = true } = options;
  const contents = Object.entries(files) as [FilePurpose, string][];
  const reference = (purpose: FilePurpose) => {
    const content = files[purpose];
    return content === undefined ? null : { path: releasePaths[purpose], sha256: sha256Of(content) };
  };
  const config = GatewayConfig.parse({
    schemaVersion: 1,
    connections: {
      interface: { listenOn: { kind: 'loopback' }, port, maxConnections: options.maxConnections ?? null },
      control: { denyList: reference('denyList'), permitList: reference('permitList') },
      tls: {
        offersStartTls: options.offersStartTls ?? false,
        privateKey: reference('privateKey'),
        certificate: reference('certificate'),
        caCertificate: reference('caCertificate'),
      },
    },
  });
  const bundled = contents.map(
    ([, content]) =>
      [sha256Of(content), { encoding: 'gzip+base64' as const, data: gzipSync(content).toString('base64') }] as const,
  );
  const release = { config, files: sends ? Object.fromEntries(bundled) : {} };
  return { verb: 'apply', protocol: 1, pushId, baseRevision: base, confirmWithinSeconds, release };
}
