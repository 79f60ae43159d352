// What gateways were, are, or would be given, ready to be told apart in words.
import type { Snapshot } from '#contract/difference';
import type { Revision, Sha256 } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts } from '#contract/replies';
import { readCertificate } from '#certificates/read-certificate';
import { createConfigPlanner, type ConfigPlanner } from './build-release.ts';
import { loadCertificate } from './certificate-files.ts';
import type { FilePlace } from './file-place.ts';
import { placeOf, type FileSource } from './history-source.ts';
import { loadList } from './list-files.ts';
import { mapAtOnce } from './map-at-once.ts';
import { createScopeView, type ScopeView } from './scope-view.ts';

/** One gateway of a source: what it is given, or why that cannot be said. */
export type GatewaySnapshot = { revision: Revision; snapshot: Snapshot };

/** The gateways of a source by name. `onEach` is awaited before each one: it may stop the whole by throwing. */
export async function snapshotsOf(
  source: FileSource,
  gateways: readonly string[],
  onEach: () => Promise<void> | void = () => undefined,
): Promise<ReadonlyMap<string, Outcome<GatewaySnapshot>>> {
  const place = placeOf(source);
  const planner = createConfigPlanner({ loadList: (name) => loadList(place, name) });
  const wanted = { place, view: createScopeView(place), planner };
  const found = await mapAtOnce(gateways, async (name) => {
    await onEach();
    return [name, await snapshotOf({ ...wanted, name })] as const;
  });
  return new Map(found);
}

type Wanted = { place: FilePlace; view: ScopeView; planner: ConfigPlanner; name: string };

async function snapshotOf({ place, view, planner, name }: Wanted): Promise<Outcome<GatewaySnapshot>> {
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
      certificate: await factsOf(place, tls.certificate?.sha256),
      caCertificate: await factsOf(place, tls.caCertificate?.sha256),
    },
  });
}

/** A certificate that is missing or cannot be read has no facts to tell; its hash still tells it from another. */
async function factsOf(place: FilePlace, sha256: Sha256 | undefined): Promise<CertificateFacts | null> {
  if (sha256 === undefined) return null;
  const pem = await loadCertificate(place, sha256);
  const read = pem.ok ? readCertificate(pem.value) : failed('not-found', 'Not here.');
  return read.ok ? read.value.facts : null;
}
