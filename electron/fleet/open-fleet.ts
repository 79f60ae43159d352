// A fleet folder with all that works on it, put together the one way for the app and the `postern` command: what is
// done through it is in the audit log, and a copy of the folder is kept before the first change of a day.
import { join } from 'node:path';
import { done, type Outcome, type Problem } from '#contract/outcome';
import { openAuditLog, type AuditLog } from '../store/audit-log.ts';
import { openDayBackups } from '../store/day-backups.ts';
import { openFleetBackups, type FleetBackups } from '../store/fleet-backups.ts';
import { openFleetFolder, type FleetFolder } from '../store/fleet-folder.ts';
import type { Person } from '../store/folder-history.ts';
import { openFleetHistory, type FleetHistory } from '../store/history-service.ts';
import { openFleetRemote, type FleetRemote } from '../store/remote-service.ts';
import { openVault, type Vault } from '../store/vault.ts';
import { auditBackups } from './audit-backups.ts';
import { auditDrift, auditEngine } from './audit-engine.ts';
import { auditFolder, auditVault } from './audit-folder.ts';
import { auditHistory } from './audit-history.ts';
import { auditRemote } from './audit-remote.ts';
import { auditRollouts } from './audit-rollouts.ts';
import { recorderOf, type Recorder } from './audited.ts';
import { createDriftDesk, type DriftDesk } from './drift-desk.ts';
import { createEngine, type Engine, type EngineServices } from './engine.ts';
import { releasesOf } from './ready-release.ts';
import { openRollouts, type Rollouts } from './rollout/rollouts.ts';
import type { RolloutListener } from './rollout/run-rollout.ts';

/** What may come before the vault when a gateway asks for a secret: the options of the command. */
export type SecretSource = { vault: Vault; credentialsFor: EngineServices['credentialsFor'] };

export type FleetParts = {
  path: string;
  /** The app's own folder: vault, rollouts, backups, what is known of agents and logs. */
  appFolder: string;
  who: Person;
  /** What went wrong beside the work and did not stop it. */
  tellTrouble: (problem: Problem) => void;
  secrets?: ((vault: Vault) => SecretSource) | undefined;
};

/** All but rollouts write into the audit log by themselves; `recorder` is for what is done elsewhere. */
export type Fleet = {
  folder: FleetFolder;
  vault: Vault;
  engine: Engine;
  drift: DriftDesk;
  history: FleetHistory;
  remote: FleetRemote;
  backups: FleetBackups;
  audit: AuditLog;
  recorder: Recorder;
  /** Those of this fleet folder; the listener hears of what runs here. */
  rollouts(listener?: RolloutListener): Rollouts;
  /** Ends the connections, and brings into git what was recorded and no save has taken along. */
  close(): Promise<void>;
};

/** Opens it; nothing is connected or written yet. The problem says why the folder cannot be used. */
export async function openFleet(parts: FleetParts): Promise<Outcome<Fleet>> {
  const { path, appFolder, who, tellTrouble } = parts;
  const backups = openDayBackups({ fleetFolder: path, appFolder });
  const beforeWrite = async () => telling(tellTrouble, await backups.makeOfToday());
  const opened = await openFleetFolder(path, who, beforeWrite);
  if (!opened.ok) return opened;
  const audit = openAuditLog({ fleetFolder: path, appFolder, by: who.name });
  const { recorder, hasRecorded } = noticing(recorderOf(audit, tellTrouble));
  const folder = auditFolder(opened.value, recorder);
  const ownVault = auditVault(openAppVault(appFolder, path), recorder);
  const { vault, credentialsFor } = parts.secrets?.(ownVault) ?? { vault: ownVault, credentialsFor: undefined };
  const plainEngine = createEngine({
    folder,
    vault,
    releases: releasesOf(folder, vault),
    author: who.name,
    knownAgentsFile: join(appFolder, 'known-agents.json'),
    credentialsFor,
  });
  const engine = auditEngine(plainEngine, recorder);
  const rolloutParts = { folder: join(appFolder, 'rollouts'), fleetFolder: path, author: who.name, engine };
  return done({
    folder,
    vault,
    engine,
    drift: auditDrift(createDriftDesk({ engine, folder: opened.value }), recorder),
    history: auditHistory(openFleetHistory({ path, who, beforeWrite }), recorder),
    remote: auditRemote(openFleetRemote({ path, who, vault, beforeWrite }), recorder),
    backups: auditBackups(openFleetBackups({ fleetFolder: path, appFolder, who, beforeWrite }), recorder),
    audit,
    recorder,
    rollouts: (listener) => auditRollouts(openRollouts({ ...rolloutParts, listener }), recorder),
    async close() {
      engine.close();
      if (hasRecorded()) telling(tellTrouble, await folder.keepAudit());
    },
  });
}

/** The vault that the app and the command share. */
export function openAppVault(appFolder: string, fleetFolder: string): Vault {
  return openVault({ folder: join(appFolder, 'vault'), service: 'Postern', fleetFolder });
}

function telling(tell: (problem: Problem) => void, outcome: Outcome<unknown>): void {
  if (!outcome.ok) tell(outcome.problem);
}

function noticing(recorder: Recorder): { recorder: Recorder; hasRecorded: () => boolean } {
  let has = false;
  const record: Recorder['record'] = (facts) => {
    has ||= facts.length > 0;
    return recorder.record(facts);
  };
  return { recorder: { record }, hasRecorded: () => has };
}
