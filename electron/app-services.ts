// Builds what the handlers work with: the fleet folder that was open last, its vault and engine, the local gateway.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { done, type Outcome } from '#contract/outcome';
import { recorderOf } from './fleet/audited.ts';
import { auditDrift, auditEngine } from './fleet/audit-engine.ts';
import { auditFolder, auditVault } from './fleet/audit-folder.ts';
import { auditHistory } from './fleet/audit-history.ts';
import { createDriftDesk } from './fleet/drift-desk.ts';
import { createEngine } from './fleet/engine.ts';
import { releasesOf } from './fleet/ready-release.ts';
import { openRollouts } from './fleet/rollout/rollouts.ts';
import { tellRollouts } from './handlers/rollout-events.ts';
import type { Dialogs, Emit, Services } from './handlers/services.ts';
import { findAgentBundle, findNodeBinary } from './local-gateway/find-agent.ts';
import { createLocalService, localGatewayName } from './local-gateway/local-service.ts';
import { startLocalGateway } from './local-gateway/start-local-gateway.ts';
import { openAuditLog } from './store/audit-log.ts';
import { writeDurably } from './store/durable-files.ts';
import { openFleetFolder } from './store/fleet-folder.ts';
import { openFleetHistory } from './store/history-service.ts';
import { openVault } from './store/vault.ts';
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
  const opened = await openFleet(parts, preferences.fleetFolder ?? join(parts.userData, 'fleet'));
  if (!opened.ok) return opened;

  const local = createLocalService({
    startGateway: (onProgress) => startHere(join(parts.userData, 'local-gateway'), onProgress),
    fleet: () => ({
      load: (name) => services.folder.load(name),
      save: (name, record, words) => services.folder.save(name, record, words),
      push: (name) => pushLocal(services, name),
    }),
  });
  const services: Services = {
    ...opened.value,
    ...parts,
    local,
    findAgentBundle: () => findAgentBundle(__filename),
    author: whoIsHere().name,
    openFolder: async (path) => {
      const next = await openFleet(parts, path);
      if (!next.ok) return next;
      await services.rollouts.close();
      services.engine.close();
      Object.assign(services, next.value);
      await writeDurably(preferencesFile, JSON.stringify({ fleetFolder: path }));
      return done(undefined);
    },
  };
  return done({
    services,
    close: async () => {
      await services.rollouts.close();
      services.engine.close();
      await local.close();
    },
  });
}

type Fleet = Pick<Services, 'folder' | 'vault' | 'engine' | 'history' | 'audit' | 'drift' | 'rollouts'>;

async function openFleet({ userData, emit }: AppServicesParts, path: string): Promise<Outcome<Fleet>> {
  const who = whoIsHere();
  const opened = await openFleetFolder(path, who);
  if (!opened.ok) return opened;
  const audit = openAuditLog({ fleetFolder: path, appFolder: userData, by: who.name });
  const recorder = recorderOf(audit, ({ message }) => process.stderr.write(`postern: audit log: ${message}\n`));
  const folder = auditFolder(opened.value, recorder);
  const vault = auditVault(
    openVault({ folder: join(userData, 'vault'), service: 'Postern', fleetFolder: path }),
    recorder,
  );
  const plainEngine = createEngine({
    folder,
    vault,
    releases: releasesOf(folder, vault),
    author: who.name,
    knownAgentsFile: join(userData, 'known-agents.json'),
  });
  const engine = auditEngine(plainEngine, recorder);
  const history = auditHistory(openFleetHistory(opened.value), recorder);
  const drift = auditDrift(createDriftDesk({ engine, folder: opened.value }), recorder);
  const rollouts = openRollouts({
    folder: join(userData, 'rollouts'),
    fleetFolder: path,
    author: who.name,
    engine,
    listener: tellRollouts(emit),
  });
  return done({ folder, vault, engine, history, audit, drift, rollouts });
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
