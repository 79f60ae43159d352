// The command lines of `postern sync` and `postern remote`.
import { Command, InvalidArgumentError, Option } from 'commander';
import { runWith, type ProgramParts } from './command-frame.ts';
import type { SessionOptions } from './session.ts';
import { remoteStateCommand, setRemoteCommand, syncCommand } from './sync.ts';

type SyncOptions = SessionOptions & { ours?: true; theirs?: true };
type SetOptions = SessionOptions & { token?: true; tokenFile?: string };

/** Adds the commands about sharing the fleet folder. */
export function addSyncCommands(program: Command, parts: ProgramParts): void {
  onFolder(program.command('sync'), 'Take over what others saved, and send what was saved here')
    .addOption(new Option('--ours', 'where both changed the same, ours holds').conflicts('theirs'))
    .addOption(new Option('--theirs', "where both changed the same, the remote's holds"))
    .action((options: SyncOptions) => {
      const side = options.ours === true ? 'ours' : options.theirs === true ? 'theirs' : null;
      const wish = { side, signal: parts.signal } as const;
      return runWith(parts, 'sync', (session) => syncCommand(session, wish))(options);
    });
  const remote = program.command('remote').description('The git remote through which the fleet folder is shared');
  const show = onFolder(new Command('show').copyInheritedSettings(remote), 'Show it (default)');
  show.action(runWith(parts, 'remote', remoteStateCommand));
  remote.addCommand(show, { isDefault: true });
  onFolder(remote.command('set'), 'Share through this remote: https with a token, ssh, or the path of a folder')
    .argument('<url>', 'https://host/path.git, ssh://user@host/path.git, user@host:path.git, /path', refuseEmpty)
    .option('--token', 'ask for the token of an https remote, and keep it in the key store')
    .option('--token-file <file>', 'the same from the first line of a file, which must have mode 0600')
    .action((url: string, { passphraseFile, token, tokenFile, ...options }: SetOptions) => {
      const wish = { url, asksToken: token === true, tokenFile, passphraseFile };
      return runWith(parts, 'remote set', (session) => setRemoteCommand(session, wish))(options);
    });
  onFolder(remote.command('forget'), 'Share it no longer; the remote stays as it is').action(
    (options: SessionOptions) => {
      const wish = { url: null, asksToken: false, tokenFile: undefined, passphraseFile: undefined };
      return runWith(parts, 'remote forget', (session) => setRemoteCommand(session, wish))(options);
    },
  );
}

function refuseEmpty(url: string): string {
  if (url.trim() === '') throw new InvalidArgumentError('Not an address.');
  return url;
}

function onFolder(command: Command, description: string): Command {
  return command
    .description(description)
    .requiredOption('--fleet <folder>', 'the fleet folder')
    .option('--json', 'one JSON document on stdout')
    .option('--passphrase-file <file>', 'opens the key store: the first line; the file must have mode 0600')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}
