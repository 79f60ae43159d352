// Releases for tests of the agent: a configuration with lists of any size, complete and with right hashes.
import { revisionOf, sha256Of } from '../../gateway-agent/certificates/hash.ts';
import { GatewayConfig } from '../../gateway-agent/contract/config.ts';
import { releasePaths, type ReleasePath } from '../../gateway-agent/contract/files.ts';
import type { LoadedRelease } from '../../gateway-agent/store/release-store.ts';

/** A release that listens on loopback; `deny` becomes its deny list. */
export function buildTestRelease({ port = 2525, deny }: { port?: number; deny?: string } = {}): LoadedRelease {
  const files = new Map<ReleasePath, Buffer>();
  if (deny !== undefined) files.set(releasePaths.denyList, Buffer.from(deny));
  const denyList = deny === undefined ? null : { path: releasePaths.denyList, sha256: sha256Of(deny) };
  const config = GatewayConfig.parse({
    schemaVersion: 1,
    connections: { interface: { listenOn: { kind: 'loopback' }, port }, control: { denyList } },
  });
  return { revision: revisionOf(config), config, files };
}
