// Builds what the handlers work with: the fleet folder that was open last, its vault and engine, the local gateway.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { done, type Outcome } from '#contract/outcome';
import { openFleet } from './fleet/open-fleet.ts';
import { tellRollouts } from './handlers/rollout-events.ts';
import type { Dialogs, Emit, Services } from './handlers/services.ts';
import { findAgentBundle, findNodeBinary } from './local-gateway/find-agent.ts';
import { createLocalService, localGatewayName } from './local-gateway/local-service.ts';
import { startLocalGateway } from './local-gateway/start-local-gateway.ts';
import { writeDurably } from './store/durable-files.ts';
import { whoIsHere } from './store/who-is-here.ts';

const Preferences = z.object({ fleetFolder: z.string().optional() });

export type AppServicesParts = {
  /** Electron's userData: the vault, the local gateway, the default fleet folder, preferences. */
  userData: string;
  dialogs: Dialogs;
  emit: Emit;
  info: Services['info'];
};

export type AppServices = { services: Services; close(): Promise<void> };

/** Opens the last fleet folder, or the default one. The problem says which folder could not be opened, and why. */
export async function openAppServices(parts: AppServicesParts): Promise<Outcome<AppServices>> {
  const preferencesFile = join(parts.userData, 'preferences.json');
  const preferences = await loadPreferences(preferencesFile);
  const opened = await open(parts, preferences.fleetFolder ?? join(parts.userData, 'fleet'));
  if (!opened.ok) return opened;
  let fleet = opened.value;

  const local = createLocalService({
    startGateway: (onProgress) => startHere(join(parts.userData, 'local-gateway'), onProgress),
    fleet: () => ({
      load: (name) => services.folder.load(name),
      save: (name, record, words) => services.folder.save(name, record, words),
      push: (name) => pushLocal(services, name),
    }),
  });
  const services: Services = {
    ...opened.value.services,
    ...parts,
    local,
    findAgentBundle: () => findAgentBundle(__filename),
    author: whoIsHere().name,
    openFolder: async (path) => {
      const next = await open(parts, path);
      if (!next.ok) return next;
      await fleet.close();
      fleet = next.value;
      Object.assign(services, next.value.services);
      await writeDurably(preferencesFile, JSON.stringify({ fleetFolder: path }));
      return done(undefined);
    },
  };
  return done({
    services,
    close: async () => {
      await fleet.close();
      await local.close();
    },
  });
}

type FleetServices = Pick<
  Services,
  'folder' | 'vault' | 'engine' | 'history' | 'remote' | 'backups' | 'audit' | 'drift' | 'rollouts'
>;

async function open(
  { userData, emit }: AppServicesParts,
  path: string,
): Promise<Outcome<{ services: FleetServices; close(): Promise<void> }>> {
  const opened = await openFleet({
    path,
    appFolder: userData,
    who: whoIsHere(),
    tellTrouble: ({ message }) => process.stderr.write(`postern: ${message}\n`),
  });
  if (!opened.ok) return opened;
  const { folder, vault, engine, audit, drift, history, remote, backups } = opened.value;
  const rollouts = opened.value.rollouts(tellRollouts(emit));
  return done({
    services: { folder, vault, engine, history, remote, backups, audit, drift, rollouts },
    async close() {
      await rollouts.close();
      await opened.value.close();
    },
  });
}

async function startHere(folder: string, onProgress: (words: string) => void): ReturnType<typeof startLocalGateway> {
  const agentBundle = findAgentBundle(__filename);
  if (!agentBundle.ok) return agentBundle;
  const nodeBinary = findNodeBinary(__filename);
  if (!nodeBinary.ok) return nodeBinary;
  return startLocalGateway({ folder, agentBundle: agentBundle.value, nodeBinary: nodeBinary.value, onProgress });
}

async function pushLocal(services: Services, name: string): ReturnType<Services['engine']['rollback']> {
  // Its ports and keys are new with each start, so what ran before is no base for a conflict.
  const [first] = await services.engine.push([name], { overwriteThere: true });
  if (first === undefined) throw new Error(`${localGatewayName}: the engine pushed nothing`);
  return first.result;
}

/** An unreadable file counts as none: it holds nothing that cannot be chosen again. */
async function loadPreferences(file: string): Promise<z.infer<typeof Preferences>> {
  try {
    return Preferences.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}
