// The command line of `postern demo`.
import { Option, type Command } from 'commander';
import type { ProgramParts } from './command-frame.ts';
import { demoCommand } from './demo.ts';

type DemoOptions = { json?: boolean; agent?: string; pace?: number };

/** Adds the demo. */
export function addDemoCommands(program: Command, parts: ProgramParts): void {
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
