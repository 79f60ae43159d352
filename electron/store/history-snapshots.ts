// What gateways were, are, or would be given, ready to be told apart in words.
import type { Snapshot } from '#contract/difference';
import type { Revision, Sha256 } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts } from '#contract/replies';
import { readCertificate } from '#certificates/read-certificate';
import { createConfigPlanner, type ConfigPlanner } from './build-release.ts';
import type { FleetFolder } from './fleet-folder.ts';
import { withFleetOf, type FileSource } from './history-source.ts';

/** One gateway of a source: what it is given, or why that cannot be said. */
export type GatewaySnapshot = { revision: Revision; snapshot: Snapshot };

/** The gateways of a source by name. */
export async function snapshotsOf(
  source: FileSource,
  gateways: readonly string[],
): Promise<ReadonlyMap<string, Outcome<GatewaySnapshot>>> {
  const found = new Map<string, Outcome<GatewaySnapshot>>();
  if (gateways.length === 0) return found;
  const read = await withFleetOf(source, gateways, async (folder) => {
    const [view, planner] = [folder.view(), createConfigPlanner(folder)];
    for (const name of gateways) found.set(name, await snapshotOf(folder, { view, planner, name }));
    return done(undefined);
  });
  if (!read.ok) for (const name of gateways) found.set(name, read);
  return found;
}

type Wanted = { view: ReturnType<FleetFolder['view']>; planner: ConfigPlanner; name: string };

async function snapshotOf(folder: FleetFolder, { view, planner, name }: Wanted): Promise<Outcome<GatewaySnapshot>> {
  const resolved = await view.resolve(name);
  if (!resolved.ok) return resolved;
  const planned = await planner.plan(resolved.value);
  if (!planned.ok) return planned;
  const { config, revision, lists } = planned.value;
  const { control, tls } = config.connections;
  const textOf = (sha256: Sha256 | undefined) =>
    lists
      .find((list) => list.sha256 === sha256)
      ?.content()
      .toString('utf8') ?? '';
  return done({
    revision,
    snapshot: {
      config,
      denyText: textOf(control.denyList?.sha256),
      permitText: textOf(control.permitList?.sha256),
      certificate: await factsOf(folder, tls.certificate?.sha256),
      caCertificate: await factsOf(folder, tls.caCertificate?.sha256),
    },
  });
}

/** A certificate that is missing or cannot be read has no facts to tell; its hash still tells it from another. */
async function factsOf(folder: FleetFolder, sha256: Sha256 | undefined): Promise<CertificateFacts | null> {
  if (sha256 === undefined) return null;
  const pem = await folder.loadCertificate(sha256);
  const read = pem.ok ? readCertificate(pem.value) : failed('not-found', 'Not here.');
  return read.ok ? read.value.facts : null;
}
