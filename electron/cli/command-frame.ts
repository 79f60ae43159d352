// What every command of `postern` shares: its common options, its session from open to close, its readers of arguments.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isIP } from 'node:net';
import { failed, type Outcome } from '#contract/outcome';
import { endWithProblem } from './results.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { Terminal } from './terminal.ts';

/** What the whole program is given. */
export type ProgramParts = {
  version: string;
  terminal: Terminal;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
  /** The running program's file: the agent for the demo lies near it. */
  here: string;
  /** Takes the exit status. */
  end(status: number): void;
};

/** Takes an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** A command about some or all gateways of a fleet folder. */
export function onFleet(program: Command, name: string, description: string): Command {
  return onFleetFolder(program, name, description)
    .option('--gateway <name>', 'only this gateway; may be given several times (default: all)', collect)
    .option(
      '--group <name>',
      'only gateways of this group and of the groups below it; may be given several times',
      collect,
    )
    .option('--tag <name>', 'of these, only gateways with this tag; given several times: with any of them', collect);
}

/** A command on a fleet folder, with the options that all of them take. */
export function onFleetFolder(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption('--fleet <folder>', 'the fleet folder')
    .option('--json', 'one JSON document on stdout')
    .option('--identity <file>', 'sign in with this private key, whatever the gateway is set up with')
    .option('--passphrase-file <file>', 'passphrase or password in the first line; the file must have mode 0600')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}

/** What makes sense where the fleet has no gateway yet. */
const servesEmpty = new Set([
  'add',
  'enrol',
  'list',
  'rollout list',
  'rollout show',
  'rollout report',
  'audit list',
  'audit verify',
  'import-ssh',
  'credentials',
  'jump-hosts',
  'log',
  'diff',
  'restore',
  'backup restore',
  'ran',
  'sync',
  'remote',
  'remote set',
  'remote forget',
  'group rename',
]);

/** Opens the session, runs the command, closes. */
export function runWith(parts: ProgramParts, command: string, run: (session: Session) => Promise<number>) {
  return async (options: SessionOptions): Promise<void> => {
    const opened = await openSession(options, parts.terminal);
    const session = servesEmpty.has(command) ? opened : refuseEmpty(opened);
    if (!session.ok) {
      return parts.end(endWithProblem(parts.terminal, session.problem, { command, json: options.json === true }));
    }
    try {
      parts.end(await run(session.value));
    } finally {
      await session.value.close(); // a kept connection would keep the process
    }
  };
}

/** A mistyped folder must not look like a fleet that is in order. */
function refuseEmpty(session: Outcome<Session>): Outcome<Session> {
  if (!session.ok || session.value.names.length > 0) return session;
  return failed(
    'not-found',
    `The fleet folder ${session.value.folder.path} holds no gateway.`,
    'Check its path, or add the first one: postern add NAME HOST --fleet FOLDER',
  );
}

/** 1 to 65535, or a usage error. */
export function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('Not a port (1 to 65535).');
  return port;
}

/** 1 or more, or a usage error. */
export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Not a whole number above 0.');
  return count;
}

/** An IPv4 or IPv6 address, or a usage error. */
export function readAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('Not an IP address.');
  return text;
}
