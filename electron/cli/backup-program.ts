// `postern backup list` and `postern backup restore`: what the app keeps of the days, also where the fleet folder is gone.
import { Option, type Command } from 'commander';
import { join, resolve } from 'node:path';
import { openDayBackups, type DayBackups } from '../store/day-backups.ts';
import { appFolder } from './app-folder.ts';
import type { ProgramParts } from './command-frame.ts';
import { exitStatus } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type BackupOptions = { fleet: string; json?: boolean; appFolder?: string };

/** Adds the commands about backups. */
export function addBackupCommands(program: Command, parts: ProgramParts): void {
  const { terminal } = parts;
  const backup = program
    .command('backup')
    .description('Copies of the fleet folder from before the first change of each day: 7 days, then 4 weeks');
  onBackups(backup, 'list', 'Show them, newest first').action(async (options: BackupOptions) =>
    parts.end(await listBackups(terminal, options)),
  );
  onBackups(backup, 'restore', 'Bring one into an empty folder; nothing is overwritten')
    .argument('<day>', 'as the list names it')
    .requiredOption('--into <folder>', 'an empty or new folder')
    .action(async (day: string, options: BackupOptions & { into: string }) =>
      parts.end(await restoreBackup(terminal, day, options)),
    );
}

function onBackups(backup: Command, name: string, description: string): Command {
  return backup
    .command(name)
    .description(description)
    .requiredOption('--fleet <folder>', 'the fleet folder, or where it was')
    .option('--json', 'one JSON document on stdout')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}

function backupsOf(options: BackupOptions): DayBackups {
  return openDayBackups({ fleetFolder: resolve(options.fleet), appFolder: options.appFolder ?? appFolder() });
}

async function listBackups(terminal: Terminal, options: BackupOptions): Promise<number> {
  const [command, json] = ['backup list', options.json === true];
  const listed = await backupsOf(options).list();
  if (!listed.ok) return endWithProblem(terminal, listed.problem, { command, json });
  const isWhole = listed.value.every(({ problem }) => problem === null);
  if (json) writeDocument(terminal, { command, ok: isWhole, backups: listed.value });
  else {
    const rows = listed.value.map(({ day, gateways, bytes, problem }) => [
      day,
      problem === null ? String(gateways) : '',
      `${Math.ceil(bytes / 1024)} KiB`,
      problem ?? '',
    ]);
    terminal.out(rows.length === 0 ? 'There is no backup yet.\n' : formatTable(['DAY', 'GATEWAYS', 'SIZE', ''], rows));
  }
  return isWhole ? exitStatus.done : exitStatus.failed;
}

async function restoreBackup(
  terminal: Terminal,
  day: string,
  options: BackupOptions & { into: string },
): Promise<number> {
  const [command, json] = ['backup restore', options.json === true];
  const into = resolve(options.into);
  const restored = await backupsOf(options).restore(day, into);
  if (!restored.ok) return endWithProblem(terminal, restored.problem, { command, json });
  if (json) writeDocument(terminal, { command, ok: true, day, into, ...restored.value });
  else {
    terminal.out(`${restored.value.gateways} gateways as of ${day}: ${join(into, 'fleet')}\n`);
    terminal.out(`Key store, rollouts and what else the app keeps of them: ${join(into, 'app')}\n`);
  }
  return exitStatus.done;
}
