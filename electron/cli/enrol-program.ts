// The command line of `postern enrol` and `postern unenrol`.
import type { Command } from 'commander';
import { onFleetFolder, readPort, runWith, type ProgramParts } from './command-frame.ts';
import type { SessionOptions } from './session.ts';
import { enrolCommand, unenrolCommand, type EnrolOptions, type UnenrolOptions } from './enrol.ts';

/** Adds the commands that make a bare host a gateway, and take one apart. */
export function addEnrolCommands(program: Command, parts: ProgramParts): void {
  asHostUser(
    onFleetFolder(program, 'enrol', 'Make a bare host a gateway: users, agent, service, key, first push, proof'),
  )
    .argument('<host>', 'host name or address of its SSH server')
    .option('--check', 'only look: what stands there, what would be done; touches nothing')
    .option('--name <name>', 'its name in the fleet (default: the host)')
    .option('--group <name>', 'the group whose settings count for it')
    .option('--port <port>', 'of the SSH server', readPort, 22)
    .option('--smtp-port <port>', 'of the first configuration (default: as group and fleet have it, else 25)', readPort)
    .option('--accept-host-key <fingerprint>', 'the SHA256:… fingerprint that the host is known to have')
    .action((host: string, { group, ...rest }: EnrolOptions & { group?: string }) => {
      const options: EnrolOptions = group === undefined ? rest : { ...rest, into: group };
      const run = runWith(parts, 'enrol', (session) => enrolCommand(session, host, { options, run: parts }));
      return run(withoutIdentity(options));
    });
  asHostUser(
    onFleetFolder(program, 'unenrol', 'Remove from a gateway all that enrolment made, and take it out of the fleet'),
  )
    .argument('<name>', 'its name in the fleet')
    .option('--keep-record', 'leave it in the fleet')
    .option('--lose-mail', 'also where mail waits there, or nobody can say whether it does')
    .action((name: string, options: UnenrolOptions) => {
      const run = runWith(parts, 'unenrol', (session) => unenrolCommand(session, name, { options, run: parts }));
      return run(withoutIdentity(options));
    });
}

/** --identity is for the host's own user; the gateway is then reached by its management key. */
function withoutIdentity(options: SessionOptions): SessionOptions {
  return { ...options, identity: undefined };
}

function asHostUser(command: Command): Command {
  return command
    .option('--user <user>', 'who signs in, this once: root, or a user that may use sudo', 'root')
    .option('--password', 'sign in with a password (default: --identity, else the ssh-agent)')
    .option('--sudo-password-file <file>', 'password for sudo in the first line; the file must have mode 0600');
}
