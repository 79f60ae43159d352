// Starts a program and waits for it, for the scripts beside this file.
import { spawn } from 'node:child_process';
import { projectRoot } from './project.ts';

export type RunOptions = { env?: NodeJS.ProcessEnv; quiet?: boolean; timeoutMilliseconds?: number };

/** Exit status of a program run in the project root; 127 when it cannot be started, 128 when a signal ended it. */
export async function exitStatus(program: string, args: string[], options: RunOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: projectRoot,
      env: options.env ?? process.env,
      stdio: options.quiet === true ? 'ignore' : 'inherit',
      ...(options.timeoutMilliseconds === undefined ? {} : { timeout: options.timeoutMilliseconds }),
    });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 128));
  });
}

/** Runs a program; anything but exit status 0 is thrown with the command line. */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<void> {
  const status = await exitStatus(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with status ${status}`);
}
