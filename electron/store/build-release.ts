// What a push sends: settings with list names and hashes become a configuration with file references and contents.
// Lists are read from their files, so that an edit by hand counts.
import { schemaVersion, type GatewayConfig } from '#contract/config';
import { releasePaths, type FilePurpose, type Revision, type Sha256 } from '#contract/files';
import { done, type Outcome, type Problem } from '#contract/outcome';
import type { GatewaySettings } from '#contract/settings';
import { revisionOf, sha256Of } from '#certificates/hash';
import type { FleetFolder, GatewayDraft } from './fleet-folder.ts';
import { readEntries } from './list-files.ts';
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
export type PlannedConfig = { revision: Revision; config: GatewayConfig; lists: Map<Sha256, Buffer> };

/** The release of a gateway as it is saved. */
export async function buildRelease(folder: FleetFolder, vault: Vault, gateway: string): Promise<Outcome<BuiltRelease>> {
  const saved = await folder.loadDraft(gateway);
  return saved.ok ? buildReleaseFromDraft(folder, vault, saved.value.draft) : saved;
}

/** The release of settings that are not saved (yet). */
export async function buildReleaseFromDraft(
  folder: FleetFolder,
  vault: Vault,
  draft: GatewayDraft,
): Promise<Outcome<BuiltRelease>> {
  const planned = await planConfig(draft);
  if (!planned.ok) return planned;
  const { config, revision, lists } = planned.value;
  const release: BuiltRelease = { revision, config, contents: lists, missingHere: [], missingBecause: null };
  const { certificate, caCertificate, outgoingCa, privateKey } = draft.settings.connections.tls;
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

/** What the fleet table compares with the last push. */
export async function planConfig(draft: GatewayDraft): Promise<Outcome<PlannedConfig>> {
  const deny = await planList('The deny list', draft.denyText);
  if (!deny.ok) return deny;
  const permit = await planList('The permit list', draft.permitText);
  if (!permit.ok) return permit;
  const config = toConfig(draft.settings, { denyList: deny.value?.sha256, permitList: permit.value?.sha256 });
  const lists = new Map<Sha256, Buffer>();
  for (const list of [deny.value, permit.value]) if (list !== null) lists.set(list.sha256, list.content);
  return done({ revision: revisionOf(config), config, lists });
}

/** A list without an entry is no list: both mean the same, so both make the same revision. */
async function planList(name: string, text: string): Promise<Outcome<{ sha256: Sha256; content: Buffer } | null>> {
  if (text === '') return done(null);
  const read = await readEntries(name, text);
  if (!read.ok) return read;
  if (read.value.entries === 0) return done(null);
  const content = Buffer.from(read.value.sent, 'utf8');
  return done({ sha256: sha256Of(content), content });
}

type ListHashes = { denyList: Sha256 | undefined; permitList: Sha256 | undefined };

function toConfig(settings: GatewaySettings, { denyList, permitList }: ListHashes): GatewayConfig {
  const { control, tls } = settings.connections;
  return {
    schemaVersion,
    ...settings,
    connections: {
      ...settings.connections,
      control: {
        ...control,
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
