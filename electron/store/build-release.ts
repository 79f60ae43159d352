// What a push sends: settings with list names and hashes become a configuration with file references and contents.
// Lists are read from their files, so that an edit by hand counts.
import { schemaVersion, type GatewayConfig } from '#contract/config';
import { releasePaths, type FilePurpose, type Revision, type Sha256 } from '#contract/files';
import { done, type Outcome, type Problem } from '#contract/outcome';
import type { GatewaySettings } from '#contract/settings';
import { revisionOf } from '#certificates/hash';
import type { FleetFolder } from './fleet-folder.ts';
import { createListPlanner, type PlannedList } from './list-planner.ts';
import type { Unsaved } from './scope-view.ts';
import type { Vault } from './vault.ts';

/** A release ready to send. A private key that is not here is left out; the gateway keeps the one named. */
export type BuiltRelease = {
  revision: Revision;
  config: GatewayConfig;
  contents: Map<Sha256, Buffer>;
  missingHere: Sha256[];
  /** Why a file is in `missingHere` although it is stored here: a locked vault, for one. */
  missingBecause: Problem | null;
};

/** The configuration alone, without opening the vault or reading a certificate. */
export type PlannedConfig = { revision: Revision; config: GatewayConfig; lists: PlannedList[] };

/** Settings in force, with the texts of the gateway's own lists. */
export type ReleaseDraft = { settings: GatewaySettings; denyText: string; permitText: string };

/** Which gateway; `unsaved`: as if one scope above it, or its own, had this draft. */
export type ReleaseWish = { gateway: string; unsaved?: Unsaved | undefined };

/** The release of a gateway: its own settings with those of its groups and the fleet, shared lists with its own. */
export async function buildRelease(
  folder: FleetFolder,
  vault: Vault,
  { gateway, unsaved }: ReleaseWish,
): Promise<Outcome<BuiltRelease>> {
  const resolved = await folder.resolve(gateway, unsaved);
  if (!resolved.ok) return resolved;
  const planned = await createConfigPlanner(folder).plan(resolved.value);
  if (!planned.ok) return planned;
  const { config, revision, lists } = planned.value;
  const contents = new Map(lists.map((list) => [list.sha256, list.content()] as const));
  const release: BuiltRelease = { revision, config, contents, missingHere: [], missingBecause: null };
  const { certificate, caCertificate, outgoingCa, privateKey } = resolved.value.settings.connections.tls;
  for (const sha256 of [certificate, caCertificate, outgoingCa]) {
    if (sha256 === null) continue;
    const pem = await folder.loadCertificate(sha256);
    if (!pem.ok) return pem;
    release.contents.set(sha256, Buffer.from(pem.value, 'utf8'));
  }
  if (privateKey !== null) await addPrivateKey(release, vault, privateKey);
  return done(release);
}

async function addPrivateKey(release: BuiltRelease, vault: Vault, sha256: Sha256): Promise<void> {
  const key = await vault.loadPrivateKey(sha256);
  if (key.ok) {
    release.contents.set(sha256, Buffer.from(key.value, 'utf8'));
    return;
  }
  release.missingHere.push(sha256);
  if (key.problem.code !== 'not-found') release.missingBecause = key.problem;
}

/** Plans configurations; one planner reads each shared list once, however many gateways use it. */
export type ConfigPlanner = { plan(draft: ReleaseDraft): Promise<Outcome<PlannedConfig>> };

/** A planner that lives for one call: lists that change meanwhile are seen by the next. */
export function createConfigPlanner(folder: Pick<FleetFolder, 'loadList'>): ConfigPlanner {
  const lists = createListPlanner((name) => folder.loadList(name));
  return {
    async plan({ settings, denyText, permitText }) {
      const { sharedDenyLists, sharedPermitLists } = settings.connections.control;
      const deny = await lists.plan({ label: 'The deny list', shared: sharedDenyLists, own: denyText });
      if (!deny.ok) return deny;
      const permit = await lists.plan({ label: 'The permit list', shared: sharedPermitLists, own: permitText });
      if (!permit.ok) return permit;
      const config = toConfig(settings, { denyList: deny.value?.sha256, permitList: permit.value?.sha256 });
      const planned = [deny.value, permit.value].filter((list) => list !== null);
      return done({ revision: revisionOf(config), config, lists: planned });
    },
  };
}

type ListHashes = { denyList: Sha256 | undefined; permitList: Sha256 | undefined };

function toConfig(settings: GatewaySettings, { denyList, permitList }: ListHashes): GatewayConfig {
  const { control, tls } = settings.connections;
  const { mode } = control;
  return {
    schemaVersion,
    ...settings,
    connections: {
      ...settings.connections,
      control: {
        mode,
        denyList: reference('denyList', denyList),
        permitList: reference('permitList', permitList),
      },
      tls: {
        ...tls,
        certificate: reference('certificate', tls.certificate),
        privateKey: reference('privateKey', tls.privateKey),
        caCertificate: reference('caCertificate', tls.caCertificate),
        outgoingCa: reference('outgoingCa', tls.outgoingCa),
      },
    },
  };
}

function reference<P extends FilePurpose>(
  purpose: P,
  sha256: Sha256 | null | undefined,
): { path: (typeof releasePaths)[P]; sha256: Sha256 } | null {
  return sha256 === null || sha256 === undefined ? null : { path: releasePaths[purpose], sha256 };
}
