// Commands that only root may run: real users, a real sshd. Root runs them directly, others through `sudo -n`.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);
const isRoot = process.getuid?.() === 0;

function prefixed(command: string, args: readonly string[]): [string, string[]] {
  return isRoot ? [command, [...args]] : ['sudo', ['-n', command, ...args]];
}

/** Runs a command as root and gives its standard output; throws when it fails. */
export async function runAsRoot(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await runFile(...prefixed(command, args), { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Starts a command as root that goes on running. Its pid is sudo's where sudo is needed. */
export function spawnAsRoot(command: string, args: readonly string[]): ChildProcess {
  const [file, all] = prefixed(command, args);
  return spawn(file, all, { stdio: ['pipe', 'pipe', 'pipe'] });
}

const setUpUsers = [
  'groupadd --system postern',
  'useradd --system --gid postern --no-create-home --home-dir / --shell /usr/sbin/nologin postern',
  "useradd --system --groups postern --no-create-home --home-dir / --shell /bin/sh --password '*' postern-deploy",
];

/** Creates the two users of a gateway where they are missing; throws the one command to run where that is not allowed. */
export async function ensureGatewayUsers(): Promise<void> {
  const isThere = (query: string): Promise<boolean> =>
    runFile('getent', query.split(' ')).then(
      () => true,
      () => false,
    );
  const queries = ['group postern', 'passwd postern', 'passwd postern-deploy'];
  const there = await Promise.all(queries.map(isThere));
  const missing = setUpUsers.filter((_, index) => there[index] !== true);
  try {
    await runAsRoot('true');
    // Test files run side by side: whoever comes second finds the users made.
    const make = queries.map((query, index) => `{ getent ${query} >/dev/null || ${setUpUsers[index]}; }`).join(' && ');
    if (missing.length > 0) await runAsRoot('flock', join(tmpdir(), 'postern-test-users.lock'), 'sh', '-c', make);
  } catch (error) {
    const all = ['true', ...missing].join(' && ');
    throw new Error(
      `The fleet tests need a real sshd and two real users. Run them as root, or allow: sudo sh -c "${all}"`,
      {
        cause: error,
      },
    );
  }
}
