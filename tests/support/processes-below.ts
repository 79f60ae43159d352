// The processes that a process started, and those that they started: an app's daemon hangs below its service process.
import { execFileSync } from 'node:child_process';

export type BelowProcess = { pid: number; command: string };

/** All descendants of a process, with their command lines. */
export function processesBelow(ancestor: number): BelowProcess[] {
  const lines = execFileSync('ps', ['-e', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const all = lines.map((line) => {
    const [pid = '', parent = '', ...command] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
  });
  const below = (pid: number): BelowProcess[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return below(ancestor);
}

/** The one descendant whose command line matches; throws with what there is instead. */
export function processBelow(ancestor: number, pattern: RegExp): number {
  const found = processesBelow(ancestor);
  const match = found.find(({ command }) => pattern.test(command));
  if (match === undefined) {
    throw new Error(`Nothing below ${ancestor} matches ${pattern}:\n${found.map(({ command }) => command).join('\n')}`);
  }
  return match.pid;
}
