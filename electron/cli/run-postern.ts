// One run of the `postern` command: its signals, its streams, its exit status.
import { CommanderError } from 'commander';
import { exitStatus } from './exit-status.ts';
import { buildProgram } from './program.ts';
import { processTerminal } from './terminal.ts';
import { errorCodeOf } from '../ssh/ssh-failure.ts';

declare const POSTERN_VERSION: string | undefined;

const version = typeof POSTERN_VERSION === 'string' ? POSTERN_VERSION : '0.0.0-source';

/** A reader that has gone (head, a closed window) stops nothing: a push goes on to its end and is recorded. */
function outliveReaders(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    if (errorCodeOf(error) === 'EPIPE') return;
    process.on('exit', () => (process.exitCode ||= exitStatus.failed)); // a full disk: the result is lost
  });
}

/** Runs the command line of this process; the exit status is set when it ends. */
export async function runPostern(): Promise<void> {
  outliveReaders();
  const terminal = processTerminal();
  const controller = new AbortController();
  process.on('SIGINT', () => {
    // A second Ctrl+C leaves at once; the gateway then goes back when its time ends.
    if (controller.signal.aborted) process.exit(exitStatus.cancelled);
    terminal.tell('\npostern: stopping. Press Ctrl+C again to leave at once.\n');
    controller.abort();
  });
  process.on('SIGTERM', () => {
    if (controller.signal.aborted) process.exit(exitStatus.cancelled);
    controller.abort();
  });
  const end = (status: number) => (process.exitCode = status);
  const here = process.argv[1] ?? process.cwd();
  try {
    await buildProgram({ version, terminal, signal: controller.signal, here, end }).parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) return void end(error.exitCode === 0 ? exitStatus.done : exitStatus.usage);
    terminal.tell(`postern: a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    end(exitStatus.failed);
  }
}
