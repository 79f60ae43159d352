// The command line of `postern`: commands, options, help. What a command does lies in its own file.
import { Command, InvalidArgumentError, Option } from 'commander';
import { isIP } from 'node:net';
import { addCommand } from './add.ts';
import { failed, type Outcome } from '#contract/outcome';
import { demoCommand } from './demo.ts';
import type { ExplainedMail } from '../fleet/engine.ts';
import { exitStatusHelp } from './exit-status.ts';
import { pushCommand, rollbackCommand } from './push.ts';
import { checkCommand, explainCommand, listCommand, releasesCommand, statusCommand } from './questions.ts';
import { actOnQueueCommand, listQueueCommand, queueActions, showQueueCommand, type QueueFilter } from './queue.ts';
import { endWithProblem } from './results.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { Terminal } from './terminal.ts';

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

const examples = `
Examples:
  postern add mx1 mx1.example.net --fleet ./fleet --identity ~/.ssh/postern
  postern check --fleet ./fleet
  postern push --fleet ./fleet --gateway mx1 --gateway mx2
  postern push --fleet ./fleet --json --passphrase-file /run/secrets/postern
  postern explain 192.0.2.7 --fleet ./fleet --gateway mx1
  postern queue list --fleet ./fleet --gateway mx1 --domain example.net
  postern rollback 3fa9c1 --fleet ./fleet --gateway mx1
  postern demo
`;

/** Builds the program; parse() runs it. */
export function buildProgram(parts: ProgramParts): Command {
  const program = new Command('postern')
    .description('Manage SMTP gateways: every push proves itself, or goes back.')
    .version(parts.version)
    .showHelpAfterError('(postern --help shows the commands and examples)')
    .addHelpText('after', `${examples}${exitStatusHelp}`)
    .exitOverride()
    .configureOutput({ writeOut: parts.terminal.out, writeErr: parts.terminal.tell });

  addPushCommands(program, parts);
  addQuestions(program, parts);
  addQueue(program, parts);
  addFirstContact(program, parts);
  addDemo(program, parts);
  return program;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

function onFleet(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption('--fleet <folder>', 'the fleet folder')
    .option('--gateway <name>', 'only this gateway; may be given several times (default: all)', collect)
    .option('--json', 'one JSON document on stdout')
    .option('--identity <file>', 'sign in with this private key, whatever the gateway is set up with')
    .option('--passphrase-file <file>', 'passphrase or password in the first line; the file must have mode 0600')
    .addOption(new Option('--app-folder <folder>', "the app's own folder, where its key store lies").hideHelp());
}

/** What makes sense where the fleet has no gateway yet. */
const servesEmpty = new Set(['add', 'list']);

/** Opens the session, runs the command, closes. */
function runWith(parts: ProgramParts, command: string, run: (session: Session) => Promise<number>) {
  return async (options: SessionOptions): Promise<void> => {
    const opened = await openSession(options, parts.terminal);
    const session = servesEmpty.has(command) ? opened : refuseEmpty(opened);
    if (!session.ok) {
      return parts.end(endWithProblem(parts.terminal, session.problem, { command, json: options.json === true }));
    }
    try {
      parts.end(await run(session.value));
    } finally {
      session.value.engine.close(); // a kept connection would keep the process
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

function addPushCommands(program: Command, parts: ProgramParts): void {
  onFleet(program, 'push', 'Push what is saved: check, switch, prove, confirm')
    .option('--overwrite', 'push over whatever runs there, where somebody else changed it')
    .action((options: SessionOptions & { overwrite?: boolean }) =>
      runWith(parts, 'push', (session) =>
        pushCommand(session, parts.signal, { overwriteThere: options.overwrite === true }),
      )(options),
    );
  onFleet(program, 'rollback', 'Go to a release that the gateways keep, named by its first digits')
    .argument('<revision>', 'at least 4 hexadecimal digits; see: postern releases')
    .action((revision: string, options: SessionOptions) =>
      runWith(parts, 'rollback', (session) => rollbackCommand(session, parts.signal, revision))(options),
    );
}

function addQuestions(program: Command, parts: ProgramParts): void {
  onFleet(program, 'check', 'Show what a push would change, and what stands in its way').action(
    runWith(parts, 'check', checkCommand),
  );
  onFleet(program, 'status', 'Show how the gateways are').action(runWith(parts, 'status', statusCommand));
  onFleet(program, 'releases', 'Show which releases the gateways keep').action(
    runWith(parts, 'releases', releasesCommand),
  );
  onFleet(program, 'list', 'Show what the fleet folder holds').action(runWith(parts, 'list', listCommand));
  onFleet(program, 'explain', 'Show what would happen to a connection from an address, and which rule says so')
    .argument('<address>', 'an IPv4 or IPv6 address', readAddress)
    .option('--sender <address>', 'of a message in this connection')
    .option('--recipient <address>', 'of a message in this connection')
    .action((address: string, options: SessionOptions & ExplainedMail) => {
      const { sender, recipient } = options;
      return runWith(parts, 'explain', (session) => explainCommand(session, address, { sender, recipient }))(options);
    });
}

function addQueue(program: Command, parts: ProgramParts): void {
  const queue = program.command('queue').description('What waits on the gateways, and what to do about it');
  onFleet(queue, 'list', 'Show the messages that wait, oldest first')
    .option('--domain <domain>', 'only with a recipient there')
    .option('--error <text>', 'only with this text in a last reply')
    .addOption(new Option('--state <state>', 'only in this state').choices(['queued', 'deferred', 'held']))
    .option('--older-than <minutes>', 'only messages that wait longer', readCount)
    .option('--limit <count>', 'at most so many of each gateway', readCount, 200)
    .action((options: SessionOptions & QueueFilter) =>
      runWith(parts, 'queue list', (session) => listQueueCommand(session, options))(options),
    );
  onFleet(queue, 'show', 'Show one message with its header')
    .argument('<id>', 'as list and Received headers show it')
    .action((id: string, options: SessionOptions) =>
      runWith(parts, 'queue show', (session) => showQueueCommand(session, id))(options),
    );
  for (const { action, words } of queueActions) {
    onFleet(queue, action, words)
      .argument('<id...>', 'as list and Received headers show them')
      .action((ids: string[], options: SessionOptions) =>
        runWith(parts, `queue ${action}`, (session) => actOnQueueCommand(session, action, ids))(options),
      );
  }
}

type AddOptions = SessionOptions & { port: number; user: string; password?: boolean; acceptHostKey?: string };

function addFirstContact(program: Command, parts: ProgramParts): void {
  onFleet(program, 'add', 'Add a gateway: shows its host key, signs in once, writes it into the fleet folder')
    .argument('<name>', 'its name in the fleet')
    .argument('<host>', 'host name or address of its SSH server')
    .option('--port <port>', 'of the SSH server', readPort, 22)
    .option('--user <user>', 'who signs in', 'postern-deploy')
    .option('--password', 'sign in with a password (default: --identity, else the ssh-agent)')
    .option('--accept-host-key <fingerprint>', 'the SHA256:… fingerprint that the gateway is known to have')
    .action((name: string, host: string, options: AddOptions) =>
      runWith(parts, 'add', (session) =>
        addCommand(session, {
          name,
          host,
          port: options.port,
          user: options.user,
          identity: options.identity ?? null,
          usesPassword: options.password === true,
          acceptHostKey: options.acceptHostKey ?? null,
        }),
      )(options),
    );
}

type DemoOptions = { json?: boolean; agent?: string; pace?: number };

function addDemo(program: Command, parts: ProgramParts): void {
  program
    .command('demo')
    .description('Try it on this computer: a local gateway, a real push, mail that is taken and mail that is not')
    .option('--json', 'one JSON document on stdout')
    .addOption(new Option('--agent <file>', 'the agent to run').hideHelp())
    .addOption(new Option('--pace <milliseconds>', 'wait between messages').argParser(Number).hideHelp())
    .action(async (options: DemoOptions) => {
      const { terminal, signal, here } = parts;
      const pace = options.pace ?? 0;
      parts.end(await demoCommand({ terminal, signal, here, pace, json: options.json === true, agent: options.agent }));
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('Not a port (1 to 65535).');
  return port;
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Not a whole number above 0.');
  return count;
}

function readAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('Not an IP address.');
  return text;
}
