// The command lines of `postern push` and `postern rollback`.
import type { Command } from 'commander';
import type { RolloutOptions } from '#contract/rollout';
import { onFleet, readCount, runWith, type ProgramParts } from './command-frame.ts';
import { pushCommand, rollbackCommand } from './push.ts';
import { startRollout } from './rollout.ts';
import type { Session, SessionOptions } from './session.ts';

type PushFlags = {
  overwrite?: boolean;
  canary?: number;
  batch?: number;
  maxFailures?: number;
  pauseAfterCanary?: boolean;
  yes?: boolean;
};

/** Adds the commands that change gateways. */
export function addPushCommands(program: Command, parts: ProgramParts): void {
  onFleet(program, 'push', 'Push what is saved: check, switch, prove, confirm')
    .option('--overwrite', 'push over whatever runs there, where somebody else changed it')
    .option(
      '--canary <count>',
      'so many first, alone; a failed one stops all (1 with any other option of waves)',
      readCount,
    )
    .option('--batch <count>', 'then so many at a time (20)', readCount)
    .option('--max-failures <count>', 'stop when so many did not end as asked (1)', readCount)
    .option('--pause-after-canary', 'wait after the canaries; go on with: postern rollout resume')
    .option('--yes', 'do not ask at the terminal')
    .action((options: SessionOptions & PushFlags) =>
      runWith(parts, 'push', (session) => push(session, parts.signal, options))(options),
    );
  onFleet(program, 'rollback', 'Go to a release that the gateways keep, named by its first digits')
    .argument('<revision>', 'at least 4 hexadecimal digits; see: postern releases')
    .action((revision: string, options: SessionOptions) =>
      runWith(parts, 'rollback', (session) => rollbackCommand(session, parts.signal, revision))(options),
    );
}

/** One gateway without waves is pushed as it is; everything else is a rollout, which survives this program. */
function push(session: Session, signal: AbortSignal, flags: PushFlags): Promise<number> {
  const { canary, batch, maxFailures, pauseAfterCanary, overwrite, yes } = flags;
  const overwriteThere = overwrite === true;
  const hasWaves = [canary, batch, maxFailures, pauseAfterCanary].some((flag) => flag !== undefined);
  if (session.names.length === 1 && !hasWaves) return pushCommand(session, signal, { overwriteThere });
  const options = hasWaves
    ? { canary: canary ?? 1, batch: batch ?? 20, maxFailures: maxFailures ?? 1 }
    : allAtOnce(session.names.length);
  return startRollout(
    { session, signal, command: 'push' },
    { names: session.names, ...options, pausesAfterCanary: pauseAfterCanary === true, overwriteThere },
    yes !== true,
  );
}

/** One that fails stops no other. */
function allAtOnce(count: number): Pick<RolloutOptions, 'canary' | 'batch' | 'maxFailures'> {
  return { canary: 0, batch: Math.min(count, 1000), maxFailures: count };
}
