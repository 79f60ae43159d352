// One run of the command: the fleet folder, the vault and the engine, opened from the options.
import { join, resolve } from 'node:path';
import { done, type Outcome } from '#contract/outcome';
import { recorderOf } from '../fleet/audited.ts';
import { auditDrift, auditEngine } from '../fleet/audit-engine.ts';
import { auditFolder, auditVault } from '../fleet/audit-folder.ts';
import { auditHistory } from '../fleet/audit-history.ts';
import { createDriftDesk, type DriftDesk } from '../fleet/drift-desk.ts';
import { createEngine, type Engine } from '../fleet/engine.ts';
import { releasesOf } from '../fleet/ready-release.ts';
import { openRollouts, type Rollouts } from '../fleet/rollout/rollouts.ts';
import type { RolloutListener } from '../fleet/rollout/run-rollout.ts';
import { openAuditLog, type AuditLog } from '../store/audit-log.ts';
import { openFleetFolder, type FleetFolder } from '../store/fleet-folder.ts';
import { openFleetHistory, type FleetHistory } from '../store/history-service.ts';
import { openVault, type Vault } from '../store/vault.ts';
import { whoIsHere } from '../store/who-is-here.ts';
import { appFolder } from './app-folder.ts';
import { chooseGateways, type Selection } from './choose-gateways.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { createSecretSource } from './secret-source.ts';
import { tellProblem } from './results.ts';
import type { Terminal } from './terminal.ts';

/** The options that every command on a fleet folder takes. */
export type SessionOptions = Selection & {
  fleet: string;
  json?: boolean | undefined;
  identity?: string | undefined;
  passphraseFile?: string | undefined;
  appFolder?: string | undefined;
};

export type Session = {
  folder: FleetFolder;
  engine: Engine;
  drift: DriftDesk;
  history: FleetHistory;
  /** The rollouts that the app knows as well; the listener hears of those that run here. */
  rollouts(listener?: RolloutListener): Rollouts;
  /** Folder, vault and engine write into it by themselves. */
  audit: AuditLog;
  vault: Vault;
  /** The gateways that the command is about, in the order of the folder. */
  names: string[];
  terminal: Terminal;
  json: boolean;
};

/** Opens everything, or says what is in the way. Nothing is connected yet. */
export async function openSession(options: SessionOptions, terminal: Terminal): Promise<Outcome<Session>> {
  const passphrase = await (options.passphraseFile === undefined
    ? done(null)
    : readPassphraseFile(options.passphraseFile));
  if (!passphrase.ok) return passphrase;
  const who = whoIsHere();
  const path = resolve(options.fleet);
  const opened = await openFleetFolder(path, who);
  if (!opened.ok) return opened;
  const own = options.appFolder ?? appFolder();
  const audit = openAuditLog({ fleetFolder: path, appFolder: own, by: who.name });
  const recorder = recorderOf(audit, (problem) => tellProblem(terminal, problem));
  const folder = auditFolder(opened.value, recorder);
  const names = await chooseGateways(folder, options);
  if (!names.ok) return names;
  const secrets = createSecretSource({
    vault: auditVault(openAppVault(own, path), recorder),
    terminal,
    identity: options.identity === undefined ? null : resolve(options.identity),
    passphrase: passphrase.value,
  });
  const plainEngine = createEngine({
    folder,
    vault: secrets.vault,
    releases: releasesOf(folder, secrets.vault),
    author: who.name,
    knownAgentsFile: join(own, 'known-agents.json'),
    credentialsFor: secrets.credentialsFor,
  });
  const engine = auditEngine(plainEngine, recorder);
  const drift = auditDrift(createDriftDesk({ engine, folder: opened.value }), recorder);
  return done({
    folder,
    engine,
    drift,
    history: auditHistory(openFleetHistory(opened.value), recorder),
    rollouts: (listener) =>
      openRollouts({ folder: join(own, 'rollouts'), fleetFolder: path, author: who.name, engine, listener }),
    audit,
    vault: secrets.vault,
    names: names.value,
    terminal,
    json: options.json === true,
  });
}

/** The same vault that the app uses. */
export function openAppVault(folder: string, fleetFolder: string): Vault {
  return openVault({ folder: join(folder, 'vault'), service: 'Postern', fleetFolder });
}
