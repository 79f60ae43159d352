// The command lines of `postern rollout`.
import { Option, type Command } from 'commander';
import { onFleetFolder, runWith, type ProgramParts } from './command-frame.ts';
import {
  haltRolloutCommand,
  listRolloutsCommand,
  reportRolloutCommand,
  resumeRolloutCommand,
  retryRolloutCommand,
  showRolloutCommand,
  type OnRollout,
} from './rollout.ts';
import type { SessionOptions } from './session.ts';

type Run<O> = (on: OnRollout, options: O) => Promise<number>;

/** Adds `rollout` with its own commands. */
export function addRolloutCommands(program: Command, parts: ProgramParts): void {
  const rollout = program.command('rollout').description('Pushes in waves: how far they are, and going on with them');
  onFleetFolder(rollout, 'list', 'Show the rollouts of this fleet, newest first').action(
    runWith(parts, 'rollout list', listRolloutsCommand),
  );
  const onOne = <O extends SessionOptions>(name: string, description: string, run: Run<O>): Command =>
    onFleetFolder(rollout, name, description)
      .argument('<id>', 'its first digits; see: postern rollout list')
      .action((prefix: string, options: O) => {
        const command = `rollout ${name}`;
        const act = runWith(parts, command, (session) =>
          run({ session, signal: parts.signal, command, prefix }, options),
        );
        return act(options);
      });

  onOne('show', 'Show how far it is, and how each gateway ended', showRolloutCommand);
  onOne(
    'resume',
    'Go on; gateways that an interruption left behind are asked what became of them first',
    resumeRolloutCommand,
  );
  onOne('retry', 'Push once more to those that did not end as asked', retryRolloutCommand);
  onOne('pause', 'Begin no more gateways; those under way are finished', (on) => haltRolloutCommand(on, 'pause'));
  onOne('cancel', 'Leave out all that wait; those under way are finished', (on) => haltRolloutCommand(on, 'cancel'));
  onOne('report', 'Print a report', (on: OnRollout, { format }: SessionOptions & { format: 'text' | 'json' | 'csv' }) =>
    reportRolloutCommand(on, format),
  ).addOption(new Option('--format <format>', 'of the report').choices(['text', 'json', 'csv']).default('text'));
}
