// A desktop for the fleet tests: a real fleet folder, a real vault (its keychain in memory) and the real engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../electron/fleet/engine.ts';
import { secretKindOf } from '../../electron/fleet/keep-secret.ts';
import { releasesOf } from '../../electron/fleet/ready-release.ts';
import { type FleetFolder, openFleetFolder } from '../../electron/store/fleet-folder.ts';
import { openVault, type Vault } from '../../electron/store/vault.ts';
import { GatewayRecord, type SignIn } from '../../gateway-agent/contract/fleet.ts';
import { editSettings } from '../../gateway-agent/contract/settings-layer.ts';
import { memoryKeychain } from './memory-keychain.ts';
import type { SshdGateway } from './sshd-gateway.ts';
import { valueOf } from './temporary-fleet.ts';

type Edit = { port?: number; maxConnections?: number | null; denyText?: string };

export type SshdFleet = {
  path: string;
  folder: FleetFolder;
  vault: Vault;
  engine: Engine;
  /** Adds a gateway as first contact leaves it: its host key is pinned. */
  add(name: string, gateway: SshdGateway, over?: { port?: number; signIn?: SignIn; secret?: string }): Promise<void>;
  /** Saves settings; the listener stays on loopback. */
  edit(name: string, edit: Edit): Promise<void>;
  /** Another desktop on the same folder, with its own connections. */
  newEngine(over?: Patience): Engine;
  close(): Promise<void>;
};

/** How long gateways wait for the confirmation; short only where it is not meant to come. */
type Patience = { confirmWithinSeconds?: number };

/** Makes an empty fleet. */
export async function makeSshdFleet(options: Patience = {}): Promise<SshdFleet> {
  const base = await mkdtemp(join(tmpdir(), 'postern-fleet-'));
  const path = join(base, 'fleet');
  const folder = valueOf(await openFleetFolder(path, { name: 'Anna', email: 'anna@example.test' }));
  const vault = openVault({
    folder: join(base, 'vault'),
    service: 'Postern test',
    fleetFolder: path,
    keychain: memoryKeychain(),
  });
  const engines: Engine[] = [];
  const newEngine = (over: Patience = {}): Engine => {
    const parts = { folder, vault, releases: releasesOf(folder, vault), author: 'Anna' };
    const engine = createEngine({ ...parts, ...options, ...over });
    engines.push(engine);
    return engine;
  };
  return {
    path,
    folder,
    vault,
    engine: newEngine(),
    newEngine,
    async add(name, gateway, { port = gateway.port, signIn, secret } = {}) {
      const { host, user, clientKeyFile } = gateway;
      const ssh = { host, port, user, signIn: signIn ?? { kind: 'key', file: clientKeyFile } };
      valueOf(await folder.add(name, GatewayRecord.parse({ ssh, hostKeys: [gateway.hostKey] })));
      if (secret !== undefined) valueOf(await vault.storeSecret(name, secretKindOf(ssh.signIn), secret));
    },
    async edit(name, { port, maxConnections, denyText = '' }) {
      const scope = { kind: 'gateway', name } as const;
      const { draft, savedVersion } = valueOf(await folder.loadDraft(scope));
      const settings = structuredClone(draft.settings);
      const { interface: smtp } = settings.connections;
      smtp.listenOn = { kind: 'loopback' };
      if (port !== undefined) smtp.port = port;
      if (maxConnections !== undefined) smtp.maxConnections = maxConnections;
      valueOf(
        await folder.saveDraft(scope, {
          draft: editSettings({ ...draft, denyText }, settings),
          savedVersion,
          words: 'Edit for a test',
        }),
      );
    },
    async close() {
      for (const engine of engines) engine.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
