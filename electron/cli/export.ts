// `postern export` and `postern import`: a whole fleet in one encrypted file, and back.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { failed, type Outcome } from '#contract/outcome';
import { exportFleet, importFleet, type BackupContent } from '../store/backup-export.ts';
import { writeDurably } from '../store/durable-files.ts';
import { reportingDisk } from '../store/folder-writer.ts';
import { appFolder } from './app-folder.ts';
import { exitStatus } from './exit-status.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { endWithProblem, writeDocument } from './results.ts';
import { openAppVault } from './session.ts';
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
  const exported = await withPassphrase(terminal, options, async (passphrase) => {
    const fleetFolder = resolve(options.fleet);
    const vault = openAppVault(options.appFolder ?? appFolder(), fleetFolder);
    const made = await exportFleet({ fleetFolder, vault, passphrase, withPrivateKeys: options.privateKeys === true });
    if (!made.ok) return made;
    const { content, ...counts } = made.value;
    return reportingDisk(dirname(resolve(file)), async () => {
      await writeDurably(resolve(file), content, 0o600);
      return { ok: true as const, value: counts };
    });
  });
  return tell({ terminal, file, options }, 'export', exported);
}

/** Into an empty or new folder. */
export async function importCommand({ terminal, file, options }: ArchiveCommand): Promise<number> {
  const imported = await withPassphrase(terminal, options, async (passphrase) => {
    const into = resolve(options.fleet);
    const content = await readFile(file).catch(() => null);
    if (content === null) return failed('not-found', `${file} cannot be read.`);
    const vault = openAppVault(options.appFolder ?? appFolder(), into);
    return importFleet({ content, passphrase, into, vault });
  });
  return tell({ terminal, file, options }, 'import', imported);
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
