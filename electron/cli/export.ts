// `postern export` and `postern import`: a whole fleet in one encrypted file, and back.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { failed, type Outcome } from '#contract/outcome';
import { exportFact, importFact } from '../fleet/audit-archives.ts';
import { openAppVault, openFleet, type Fleet } from '../fleet/open-fleet.ts';
import { exportToFile, importFleet, type BackupContent } from '../store/backup-export.ts';
import { namesIn } from '../store/durable-files.ts';
import { whoIsHere } from '../store/who-is-here.ts';
import { appFolder } from './app-folder.ts';
import { exitStatus } from './exit-status.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { endWithProblem, tellProblem, writeDocument } from './results.ts';
import type { Terminal } from './terminal.ts';

export type ArchiveOptions = {
  fleet: string;
  passphraseFile?: string | undefined;
  privateKeys?: boolean | undefined;
  json?: boolean | undefined;
  appFolder?: string | undefined;
};

type ArchiveCommand = { terminal: Terminal; file: string; options: ArchiveOptions };

/** Writes the file; one that is there is replaced as a whole. */
export async function exportCommand({ terminal, file, options }: ArchiveCommand): Promise<number> {
  const folder = resolve(options.fleet);
  if ((await namesIn(folder)).length === 0) {
    const nothing = failed('not-found', `The fleet folder ${folder} is empty or missing.`, 'Check its path.');
    return tell({ terminal, file, options }, 'export', nothing);
  }
  const exported = await withPassphrase(terminal, options, (passphrase) =>
    onFleet(terminal, options, async ({ vault, recorder }) => {
      const wish = { fleetFolder: folder, vault, passphrase, withPrivateKeys: options.privateKeys === true };
      const outcome = await exportToFile(resolve(file), wish);
      await recorder.record([exportFact(outcome)]);
      return outcome;
    }),
  );
  return tell({ terminal, file, options }, 'export', exported);
}

/** Into an empty or new folder. */
export async function importCommand({ terminal, file, options }: ArchiveCommand): Promise<number> {
  const imported = await withPassphrase(terminal, options, async (passphrase) => {
    const into = resolve(options.fleet);
    const content = await readFile(file).catch(() => null);
    if (content === null) return failed('not-found', `${file} cannot be read.`);
    const vault = openAppVault(options.appFolder ?? appFolder(), into);
    const outcome = await importFleet({ content, passphrase, into, vault });
    if (!outcome.ok) return outcome; // there is no folder whose log could tell it
    return onFleet(terminal, options, async ({ recorder }) => {
      await recorder.record([importFact(outcome)]);
      return outcome;
    });
  });
  return tell({ terminal, file, options }, 'import', imported);
}

async function onFleet<T>(
  terminal: Terminal,
  options: ArchiveOptions,
  work: (fleet: Fleet) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const fleet = await openFleet({
    path: resolve(options.fleet),
    appFolder: options.appFolder ?? appFolder(),
    who: whoIsHere(),
    tellTrouble: (problem) => tellProblem(terminal, problem),
  });
  if (!fleet.ok) return fleet;
  try {
    return await work(fleet.value);
  } finally {
    await fleet.value.close();
  }
}

async function withPassphrase(
  terminal: Terminal,
  { passphraseFile }: ArchiveOptions,
  work: (passphrase: string) => Promise<Outcome<BackupContent>>,
): Promise<Outcome<BackupContent>> {
  const passphrase = await (passphraseFile === undefined
    ? terminal.askHidden('Passphrase of the export: ')
    : readPassphraseFile(passphraseFile));
  return passphrase.ok ? work(passphrase.value) : passphrase;
}

function tell(
  { terminal, file, options }: ArchiveCommand,
  command: 'export' | 'import',
  outcome: Outcome<BackupContent>,
): number {
  const json = options.json === true;
  if (!outcome.ok) return endWithProblem(terminal, outcome.problem, { command, json });
  if (json) writeDocument(terminal, { command, ok: true, ...outcome.value });
  else {
    const { gateways, privateKeys } = outcome.value;
    const [from, to] = command === 'export' ? [options.fleet, file] : [file, options.fleet];
    terminal.out(`${from} -> ${to}: ${gateways} gateways, history and audit log, ${privateKeys} private keys.\n`);
    terminal.out('Passwords and passphrases for signing in are not in an export.\n');
  }
  return exitStatus.done;
}
