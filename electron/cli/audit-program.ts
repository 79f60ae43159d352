// `postern audit …` on the command line.
import { Option, type Command } from 'commander';
import { listAuditCommand, verifyAuditCommand } from './audit.ts';
import { type ProgramParts, readCount, runWith } from './command-frame.ts';
import type { SessionOptions } from './session.ts';

type ListOptions = SessionOptions & { on?: string; limit: number };

/** Adds the commands about the audit log. */
export function addAuditCommands(program: Command, parts: ProgramParts): void {
  const audit = program.command('audit').description('Who did what, when, to which gateway, with which outcome');
  onLog(audit, 'list', 'Show the newest entries first')
    .option('--on <name>', 'only about this gateway')
    .option('--limit <count>', 'at most so many', readCount, 200)
    .action((options: ListOptions) =>
      runWith(parts, 'audit list', (session) =>
        listAuditCommand(session, { gateway: options.on ?? null, limit: options.limit }),
      )(options),
    );
  onLog(audit, 'verify', 'Check every entry against the one before it, and the end against what was written').action(
    runWith(parts, 'audit verify', verifyAuditCommand),
  );
}

/** The log is read here: no gateway is asked, and nobody signs in. */
function onLog(audit: Command, name: string, description: string): Command {
  return audit
    .command(name)
    .description(description)
    .requiredOption('--fleet <folder>', 'the fleet folder')
    .option('--json', 'one JSON document on stdout')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}
