// The command line of `postern add`.
import type { Command } from 'commander';
import { addCommand } from './add.ts';
import { collect, onFleet, readPort, runWith, type ProgramParts } from './command-frame.ts';
import type { SessionOptions } from './session.ts';

type AddOptions = SessionOptions & {
  port: number;
  user: string;
  password?: boolean;
  acceptHostKey?: string;
  sshConfig?: string;
  jump?: string[];
  credential?: string;
};

/** Adds the command that takes a gateway into the fleet. */
export function addFirstContactCommands(program: Command, parts: ProgramParts): void {
  onFleet(program, 'add', 'Add a gateway: shows its host key, signs in once, writes it into the fleet folder')
    .argument('<name>', 'its name in the fleet')
    .argument('[host]', 'host name or address of its SSH server')
    .option('--ssh-config <alias>', 'instead of a host: what ~/.ssh/config says of this alias')
    .option('--jump <name>', 'a jump host of the fleet folder; several times for several, the nearest first', collect)
    .option('--credential <name>', 'sign in with this credential of the fleet folder')
    .option('--port <port>', 'of the SSH server', readPort, 22)
    .option('--user <user>', 'who signs in', 'postern-deploy')
    .option('--password', 'sign in with a password (default: --identity, else the ssh-agent)')
    .option('--accept-host-key <fingerprint>', 'the SHA256:… fingerprint that the gateway is known to have')
    .action((name: string, host: string | undefined, options: AddOptions) => {
      if ((host === undefined) === (options.sshConfig === undefined)) program.error('Give a host, or --ssh-config.');
      return runWith(parts, 'add', (session) =>
        addCommand(session, {
          name,
          host: options.sshConfig ?? host ?? '',
          port: options.port,
          user: options.user,
          identity: options.identity ?? null,
          usesPassword: options.password === true,
          acceptHostKey: options.acceptHostKey ?? null,
          readsSshConfig: options.sshConfig !== undefined,
          jumps: options.jump ?? [],
          credential: options.credential ?? null,
        }),
      )(options);
    });
}
