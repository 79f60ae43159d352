// `postern drift …` on the command line.
import { Command } from 'commander';
import { collect, onFleet, type ProgramParts, runWith } from './command-frame.ts';
import { driftCommand, takeDriftCommand } from './drift.ts';
import type { SessionOptions } from './session.ts';

type TakeOptions = SessionOptions & { field?: string[]; keepOurs?: boolean };

/** Adds the commands about drift. */
export function addDriftCommands(program: Command, parts: ProgramParts): void {
  const drift = program.command('drift').description('What was changed on the gateways by others');
  const aside = new Command().copyInheritedSettings(drift);
  const show = onFleet(aside, 'show', 'Show it, setting by setting; the exit status is 1 when there is any (default)');
  show.action(runWith(parts, 'drift', driftCommand));
  drift.addCommand(show, { isDefault: true });
  onFleet(drift, 'take', 'Take it over into the settings saved here; the next push is then no conflict')
    .option('--field <path>', 'only this setting, as drift --json names it; may be given several times', collect)
    .option('--keep-ours', 'take over nothing: the next push brings back what is saved here')
    .action((options: TakeOptions) =>
      runWith(parts, 'drift take', (session) =>
        takeDriftCommand(session, { fields: options.field ?? null, keepsOurs: options.keepOurs === true }),
      )(options),
    );
}
