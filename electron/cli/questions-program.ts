// The command lines of the questions: check, status, releases, list, explain. They change nothing.
import type { Command } from 'commander';
import { onFleet, readAddress, runWith, type ProgramParts } from './command-frame.ts';
import type { ExplainedMail } from '../fleet/engine.ts';
import { checkCommand, explainCommand, listCommand, releasesCommand, statusCommand } from './questions.ts';
import type { SessionOptions } from './session.ts';

/** Adds the commands that only ask. */
export function addQuestionCommands(program: Command, parts: ProgramParts): void {
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
