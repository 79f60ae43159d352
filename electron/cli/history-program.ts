// The command lines of the history: log, diff, restore, ran. Only restore changes the folder; no gateway is asked.
import { Option, type Command } from 'commander';
import { readCount, runWith, type ProgramParts } from './command-frame.ts';
import { diffCommand, ranCommand } from './diff.ts';
import { stateHelp } from './history-state.ts';
import { logCommand } from './log.ts';
import { restoreCommand } from './restore.ts';
import type { SessionOptions } from './session.ts';

type RestoreLine = SessionOptions & { all?: true; to?: string; at?: string; yes?: true };

/** Adds the commands about the history of the fleet folder. */
export function addHistoryCommands(program: Command, parts: ProgramParts): void {
  onHistory(program, 'log', 'Show who saved what, newest first')
    .argument('[name]', 'only what concerns this gateway')
    .option('--limit <count>', 'at most so many', readCount, 50)
    .action((name: string | undefined, { group, ...options }: GroupOf<SessionOptions & { limit: number }>) =>
      runWith(parts, 'log', (session) => logCommand(session, { name, group, limit: options.limit }))(options),
    );
  onHistory(program, 'diff', 'Show what differs between two states, gateway by gateway')
    .argument('[name]', 'only this gateway')
    .option('--from <state>', stateHelp, 'HEAD')
    .option('--to <state>', 'the same (default: what lies in the folder now)')
    .action(
      (name: string | undefined, { group, ...options }: GroupOf<SessionOptions & { from: string; to?: string }>) =>
        runWith(parts, 'diff', (session) => diffCommand(session, { name, group, from: options.from, to: options.to }))(
          options,
        ),
    );
  onHistory(program, 'restore', 'Bring a gateway, a group or the fleet back to an older state; nothing is pushed')
    .argument('[name]', 'the gateway')
    .option('--all', 'the whole fleet: what was added since is removed')
    .option('--to <state>', stateHelp)
    .option('--at <time>', "the same as --to: '2026-11-24 10:30'")
    .option('--yes', 'do not ask')
    .action((name: string | undefined, { group, all, to, at, yes, ...options }: GroupOf<RestoreLine>) =>
      runWith(parts, 'restore', (session) =>
        restoreCommand(session, { name, group, all: all === true, to: to ?? at, yes: yes === true }),
      )(options),
    );
  onFolder(program, 'ran', 'Show what a gateway ran at a time, by the pushes recorded here')
    .argument('<name>', 'the gateway')
    .requiredOption('--at <time>', "'2026-11-24 10:30', by this computer's clock, or ISO 8601 with a zone")
    .action((name: string, { at, ...options }: SessionOptions & { at: string }) =>
      runWith(parts, 'ran', (session) => ranCommand(session, name, at))(options),
    );
}

/** One group here, unlike the selection of other commands: it may be gone from the folder. */
type GroupOf<T extends SessionOptions> = Omit<T, 'group'> & { group?: string };

function onHistory(program: Command, name: string, description: string): Command {
  return onFolder(program, name, description).option('--group <name>', 'only this group and all below it');
}

/** No gateway is asked, so nobody signs in. */
function onFolder(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption('--fleet <folder>', 'the fleet folder')
    .option('--json', 'one JSON document on stdout')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}
