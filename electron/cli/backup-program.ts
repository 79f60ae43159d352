// `postern backup list` and `postern backup restore`: what the app keeps of the days, also where the fleet folder is
// gone. In place it is a save of the fleet folder, shown and agreed to first.
import { Option, type Command } from 'commander';
import { join, resolve } from 'node:path';
import { openDayBackups, type DayBackups } from '../store/day-backups.ts';
import { appFolder } from './app-folder.ts';
import { failed } from '#contract/outcome';
import { restoreHereCommand } from './backup-restore.ts';
import { runWith, type ProgramParts } from './command-frame.ts';
import { exitStatus } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type BackupOptions = { fleet: string; json?: boolean; appFolder?: string };
type RestoreLine = BackupOptions & { into?: string; inPlace?: true; yes?: true };

/** Adds the commands about backups. */
export function addBackupCommands(program: Command, parts: ProgramParts): void {
  const { terminal } = parts;
  const backup = program
    .command('backup')
    .description('Copies of the fleet folder from before the first change of each day: 7 days, then 4 weeks');
  onBackups(backup, 'list', 'Show them, newest first').action(async (options: BackupOptions) =>
    parts.end(await listBackups(terminal, options)),
  );
  onBackups(backup, 'restore', 'Bring one back: in place, or with key store and rollouts into an empty folder')
    .argument('<day>', 'as the list names it')
    .option('--into <folder>', 'an empty or new folder; nothing is overwritten')
    .option('--in-place', 'settings, groups and lists of the fleet folder itself, as one save; nothing is pushed')
    .option('--yes', 'do not ask (--in-place)')
    .action((day: string, { into, inPlace, yes, ...options }: RestoreLine) => {
      if ((inPlace === true) === (into !== undefined)) {
        const where = failed('bad-request', 'Say where it is to go: --in-place, or --into FOLDER.');
        const shown = { command: 'backup restore', json: options.json === true };
        return parts.end(endWithProblem(terminal, where.problem, shown));
      }
      if (into === undefined) {
        return runWith(parts, 'backup restore', (session) => restoreHereCommand(session, { day, yes: yes === true }))(
          options,
        );
      }
      return restoreBackup(terminal, day, { ...options, into }).then((status) => parts.end(status));
    });
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
