// The command lines of `postern push` and `postern rollback`.
import type { Command } from 'commander';
import { onFleet, runWith, type ProgramParts } from './command-frame.ts';
import { pushCommand, rollbackCommand } from './push.ts';
import type { SessionOptions } from './session.ts';

/** Adds the commands that change gateways. */
export function addPushCommands(program: Command, parts: ProgramParts): void {
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
