// `postern export` and `postern import` on the command line.
import { Option, type Command } from 'commander';
import type { ProgramParts } from './command-frame.ts';
import { type ArchiveOptions, exportCommand, importCommand } from './export.ts';

/** Adds the two commands. */
export function addExportCommands(program: Command, parts: ProgramParts): void {
  const { terminal } = parts;
  onArchive(
    program,
    'export',
    'Write the whole fleet into one encrypted file (age format; age -d FILE | tar xz opens it)',
  )
    .option('--private-keys', 'with the private keys of certificates that are on this computer')
    .action(async (file: string, options: ArchiveOptions) =>
      parts.end(await exportCommand({ terminal, file, options })),
    );
  onArchive(program, 'import', 'Bring an export into an empty folder').action(
    async (file: string, options: ArchiveOptions) => parts.end(await importCommand({ terminal, file, options })),
  );
}

function onArchive(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<file>', 'the encrypted file')
    .requiredOption('--fleet <folder>', 'the fleet folder')
    .option('--passphrase-file <file>', 'passphrase of the export in the first line; the file must have mode 0600')
    .option('--json', 'one JSON document on stdout')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}
