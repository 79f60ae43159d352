// The stage of the demo: a throw-away fleet folder and vault, a local gateway in it, and its settings.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { defaultSettings, type GatewaySettings } from '#contract/settings';
import { changedPaths } from '#contract/settings-layer';
import { readCertificate } from '#certificates/read-certificate';
import { createEngine, type Engine } from '../fleet/engine.ts';
import { releasesOf } from '../fleet/ready-release.ts';
import { findAgentBundle, findNodeBinary } from '../local-gateway/find-agent.ts';
import type { LocalGateway } from '../local-gateway/local-gateway.ts';
import { localRecord, localSettings } from '../local-gateway/local-record.ts';
import { createSelfSigned } from '../local-gateway/self-signed.ts';
import { startLocalGateway } from '../local-gateway/start-local-gateway.ts';
import { openFleetFolder, type FleetFolder, type ScopeDraft } from '../store/fleet-folder.ts';
import { openVault, type Vault } from '../store/vault.ts';
import { whoIsHere } from '../store/who-is-here.ts';
import type { Logged } from './demo-scenes.ts';
import { memoryKeychain } from './memory-keychain.ts';

export const demoGatewayName = 'this-computer';

export type DemoGateway = {
  local: LocalGateway;
  engine: Engine;
  fingerprint: string;
  /** Saves TLS offered or required; the next push takes it there. */
  save(requiresStartTls: boolean): Promise<Outcome<unknown>>;
  /** The rule and entry that the gateway's event log holds under a reference. */
  findLogged(reference: string): Promise<Logged>;
  close(): Promise<void>;
};

export type DemoGatewayOptions = {
  here: string;
  agent: string | undefined;
  deniedAddress: string;
  onProgress: (words: string) => void;
};

/** Starts it. Everything lies in one temporary folder, which close() removes. */
export async function startDemoGateway(options: DemoGatewayOptions): Promise<Outcome<DemoGateway>> {
  const agentBundle = options.agent === undefined ? findAgentBundle(options.here) : done(options.agent);
  if (!agentBundle.ok) return agentBundle;
  const nodeBinary = findNodeBinary(options.here);
  if (!nodeBinary.ok) return nodeBinary;
  const folder = await mkdtemp(join(tmpdir(), 'postern-demo-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const local = await startLocalGateway({
    folder: join(folder, 'gateway'),
    agentBundle: agentBundle.value,
    nodeBinary: nodeBinary.value,
    onProgress: options.onProgress,
  });
  if (!local.ok) {
    await removeFolder();
    return local;
  }
  const fleet = await prepareFleet(folder, local.value, options.deniedAddress);
  if (!fleet.ok) {
    await local.value.close();
    await removeFolder();
    return fleet;
  }
  const { engine } = fleet.value;
  return done({
    ...fleet.value,
    local: local.value,
    findLogged: (reference) => findLogged(join(folder, 'gateway', 'root', 'events'), reference),
    close: async () => {
      engine.close();
      await local.value.close();
      await removeFolder();
    },
  });
}

type Fleet = Pick<DemoGateway, 'engine' | 'fingerprint' | 'save'>;

async function prepareFleet(folder: string, local: LocalGateway, denied: string): Promise<Outcome<Fleet>> {
  const who = whoIsHere();
  const fleetFolder = join(folder, 'fleet');
  const opened = await openFleetFolder(fleetFolder, who);
  if (!opened.ok) return opened;
  // Never the user's own keychain: this key is gone in a minute.
  const vault = openVault({
    folder: join(folder, 'vault'),
    service: 'Postern demo',
    fleetFolder,
    keychain: memoryKeychain(),
  });
  const added = await opened.value.add(demoGatewayName, localRecord(local));
  if (!added.ok) return added;
  const tls = await storeTls(opened.value, vault);
  if (!tls.ok) return tls;
  const engine = createEngine({
    folder: opened.value,
    vault,
    releases: releasesOf(opened.value, vault),
    author: who.name,
  });
  const draftFor = (requiresStartTls: boolean) => buildDraft(local, { ...tls.value, requiresStartTls, denied });
  return done({
    engine,
    fingerprint: tls.value.fingerprint,
    save: (requiresStartTls) => saveDraft(opened.value, draftFor(requiresStartTls)),
  });
}

type Tls = { privateKey: string; certificate: string; fingerprint: string };

async function storeTls(folder: FleetFolder, vault: Vault): Promise<Outcome<Tls>> {
  const made = createSelfSigned(['localhost'], new Date());
  const read = readCertificate(made.certificate);
  if (!read.ok) return read;
  const key = await vault.storePrivateKey(made.privateKey);
  if (!key.ok) return key;
  const certificate = await folder.storeCertificate(made.certificate, 'A certificate for the demo');
  if (!certificate.ok) return certificate;
  const { fingerprint } = read.value.facts;
  return done({ privateKey: key.value.sha256, certificate: certificate.value.sha256, fingerprint });
}

function buildDraft(local: LocalGateway, parts: Tls & { requiresStartTls: boolean; denied: string }): ScopeDraft {
  const base = localSettings(local);
  const { connections } = base;
  const { privateKey, certificate, requiresStartTls } = parts;
  const settings: GatewaySettings = {
    ...base,
    connections: {
      ...connections,
      tls: { ...connections.tls, offersStartTls: true, requiresStartTls, privateKey, certificate },
    },
    // Else this computer, which is the gateway itself, could send anywhere.
    messageRule: { ...base.messageRule, permitsGatewayItself: false },
  };
  return {
    settings,
    overrides: changedPaths(defaultSettings, settings),
    denyText: `${parts.denied} # the demo's unwanted client\n`,
    permitText: '',
  };
}

async function saveDraft(folder: FleetFolder, draft: ScopeDraft): Promise<Outcome<unknown>> {
  const scope = { kind: 'gateway', name: demoGatewayName } as const;
  const before = await folder.loadDraft(scope);
  if (!before.ok) return before;
  const { savedVersion } = before.value;
  return folder.saveDraft(scope, { draft, savedVersion, words: 'Settings of the demo' });
}

/** Events are written in batches: a moment may pass between the reply and its line. */
async function findLogged(folder: string, reference: string): Promise<Logged> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    for (const file of await readdir(folder).catch(() => [])) {
      const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
      const line = lines.find((each) => each.includes(`"ref":"${reference}"`));
      if (line !== undefined) return readLine(line);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { rule: null, entry: null };
}

function readLine(line: string): Logged {
  const raw: unknown = JSON.parse(line);
  const field = (name: string): string | null => {
    const value: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, name) : null;
    return typeof value === 'string' ? value : null;
  };
  return { rule: field('rule'), entry: field('entry') };
}

/** A problem for a demo that was stopped. */
export const demoStopped = failed('cancelled', 'The demo was stopped.');
