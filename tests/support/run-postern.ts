// The `postern` command inside of the test: its own command line and services, a terminal that the test answers.
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { buildProgram } from '../../electron/cli/program.ts';
import { failed, type Outcome } from '../../gateway-agent/contract/outcome.ts';

export type RanPostern = { status: number; out: string; told: string };

/** What a command line is run with; `answers` are what a person types, in this order. */
export type Posterns = { fleet: string; appFolder: string; answers?: readonly string[] };

/** Runs it to its end with `--fleet` and `--app-folder`. */
export async function runPostern({ fleet, appFolder, answers = [] }: Posterns, ...args: string[]): Promise<RanPostern> {
  const ran: RanPostern = { status: -1, out: '', told: '' };
  const waiting = [...answers];
  const answer = (question: string): Promise<Outcome<string>> => {
    ran.told += question;
    const typed = waiting.shift();
    return Promise.resolve(
      typed === undefined ? failed('secret-needed', 'There is no terminal to ask at.') : { ok: true, value: typed },
    );
  };
  const program = buildProgram({
    version: '0.0.0',
    signal: new AbortController().signal,
    here: join(appFolder, 'postern.cjs'),
    end: (status) => (ran.status = status),
    terminal: {
      out: (text) => (ran.out += text),
      tell: (text) => (ran.told += text),
      isInteractive: answers.length > 0,
      askHidden: answer,
      askLine: answer,
    },
  });
  try {
    await program.parseAsync(['node', 'postern', ...args, '--fleet', fleet, '--app-folder', appFolder]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    ran.status = 2;
  }
  return ran;
}
