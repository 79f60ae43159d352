// The command lines of `postern queue`.
import { Option, type Command } from 'commander';
import { onFleet, readCount, runWith, type ProgramParts } from './command-frame.ts';
import { actOnQueueCommand, listQueueCommand, queueActions, showQueueCommand, type QueueFilter } from './queue.ts';
import type { SessionOptions } from './session.ts';

/** Adds `queue` with its own commands. */
export function addQueueCommands(program: Command, parts: ProgramParts): void {
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
