// The command lines of `postern import-ssh`, `postern credentials` and `postern jump-hosts`.
import type { Command } from 'commander';
import { collect, onFleet, readPort, runWith, type ProgramParts } from './command-frame.ts';
import {
  importSshCommand,
  listCredentialsCommand,
  listJumpHostsCommand,
  removeReachCommand,
  setCredentialCommand,
  setJumpHostCommand,
  type SetOptions,
} from './connect.ts';
import type { SessionOptions } from './session.ts';

type Set = SessionOptions & SetOptions;

/** Adds the commands about how gateways are reached. */
export function addConnectCommands(program: Command, parts: ProgramParts): void {
  onFleet(program, 'import-ssh', 'Take hosts of ~/.ssh/config into the fleet; without a name: show which there are')
    .argument('[alias...]', 'as ~/.ssh/config names them')
    .option('--into <group>', 'the group that they belong to')
    .action((aliases: string[], options: SessionOptions & { into?: string }) =>
      runWith(parts, 'import-ssh', (session) => importSshCommand(session, aliases, options.into ?? null))(options),
    );
  addCredentials(program, parts);
  addJumpHosts(program, parts);
}

function addCredentials(program: Command, parts: ProgramParts): void {
  const credentials = program.command('credentials').description('Ways to sign in that many gateways share');
  onFleet(credentials, 'list', 'Show them, and how many use each').action(
    runWith(parts, 'credentials', listCredentialsCommand),
  );
  onFleet(credentials, 'set', 'Add or change one; asks for its password at the terminal or takes --passphrase-file')
    .argument('<name>')
    .option('--user <user>', 'who signs in', 'postern-deploy')
    .option('--password', 'sign in with a password (default: --identity, else the ssh-agent)')
    .action((name: string, options: Set) =>
      runWith(parts, 'credentials', (session) => setCredentialCommand(session, name, options))(options),
    );
  onFleet(credentials, 'remove', 'Remove one that nobody uses')
    .argument('<name>')
    .action((name: string, options: SessionOptions) =>
      runWith(parts, 'credentials', (session) => removeReachCommand(session, 'credential', name))(options),
    );
}

function addJumpHosts(program: Command, parts: ProgramParts): void {
  const jumpHosts = program.command('jump-hosts').description('SSH servers on the way to gateways');
  onFleet(jumpHosts, 'list', 'Show them, and how many use each').action(
    runWith(parts, 'jump-hosts', listJumpHostsCommand),
  );
  onFleet(jumpHosts, 'set', 'Add or change one: shows its host key, which must be accepted')
    .argument('<name>')
    .argument('<host>')
    .option('--port <port>', 'of its SSH server', readPort, 22)
    .option('--user <user>', 'who signs in there', 'postern-deploy')
    .option('--password', 'sign in there with a password (default: --identity, else the ssh-agent)')
    .option('--credential <name>', 'sign in there with this credential of the fleet folder')
    .option('--jump <name>', 'only to read its host key: the jump hosts before it', collect)
    .option('--accept-host-key <fingerprint>', 'the SHA256:… fingerprint that it is known to have')
    .action((name: string, host: string, options: Set) =>
      runWith(parts, 'jump-hosts', (session) => setJumpHostCommand(session, { name, host }, options))(options),
    );
  onFleet(jumpHosts, 'remove', 'Remove one that nobody uses')
    .argument('<name>')
    .action((name: string, options: SessionOptions) =>
      runWith(parts, 'jump-hosts', (session) => removeReachCommand(session, 'jump host', name))(options),
    );
}
