// What gateways were, are, or would be given, ready to be told apart in words.
import type { Snapshot } from '#contract/difference';
import type { Revision, Sha256 } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts } from '#contract/replies';
import { readCertificate } from '#certificates/read-certificate';
import { createConfigPlanner, type PlannedConfig } from './build-release.ts';
import { loadCertificate } from './certificate-files.ts';
import type { FilePlace } from './file-place.ts';
import { placeOf, type FileSource } from './history-source.ts';
import { loadList } from './list-files.ts';
import { mapAtOnce } from './map-at-once.ts';
import { createScopeView } from './scope-view.ts';

/** One gateway of a source: what it is given, or why that cannot be said. */
export type GatewaySnapshot = { revision: Revision; snapshot: Snapshot };

/** The gateways of a source by name. */
export async function snapshotsOf(
  source: FileSource,
  gateways: readonly string[],
): Promise<ReadonlyMap<string, Outcome<GatewaySnapshot>>> {
  const place = placeOf(source);
  const wanted = { place, plan: plannerAt(place), texts: new Map<Sha256, string>() };
  const found = await mapAtOnce(gateways, async (name) => [name, await snapshotOf({ ...wanted, name })] as const);
  return new Map(found);
}

/** What one gateway of a place is given, or why that cannot be said. What many share is read once. */
export function plannerAt(place: FilePlace): (name: string) => Promise<Outcome<PlannedConfig>> {
  const view = createScopeView(place);
  const planner = createConfigPlanner({ loadList: (name) => loadList(place, name) });
  return async (name) => {
    const resolved = await view.resolve(name);
    return resolved.ok ? planner.plan(resolved.value) : resolved;
  };
}

/** `texts`: lists by their hash; a thousand gateways with the same list of a million lines hold it once. */
type Wanted = { place: FilePlace; plan: ReturnType<typeof plannerAt>; texts: Map<Sha256, string>; name: string };

async function snapshotOf({ place, plan, texts, name }: Wanted): Promise<Outcome<GatewaySnapshot>> {
  const planned = await plan(name);
  if (!planned.ok) return planned;
  const { config, revision, lists } = planned.value;
  const { control, tls } = config.connections;
  for (const list of lists) {
    if (!texts.has(list.sha256)) texts.set(list.sha256, list.content().toString('utf8'));
  }
  const textOf = (sha256: Sha256 | undefined) => (sha256 === undefined ? '' : (texts.get(sha256) ?? ''));
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
