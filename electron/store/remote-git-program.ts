// The system's git as the way to remotes by ssh and in folders: its own ssh settings count, it never asks, and it is
// ended when it is silent for too long. No hook of the folder runs.
import { spawn } from 'node:child_process';
import { failed, done, type Outcome } from '#contract/outcome';
import { systemCodeOf } from './durable-files.ts';
import type { RemoteAddress } from './remote-address.ts';
import type { SyncWatch } from './sync-watch.ts';

/** One task over the network. */
export type RemoteRun = SyncWatch & { silenceMilliseconds: number };

/** `ssh`: the command for it, where the user configured none. `onCount` hears what git counts on the way. */
export type GitTask = {
  dir: string;
  address: RemoteAddress;
  args: readonly string[];
  run: RemoteRun;
  ssh?: string | undefined;
  onCount?: ((done: number, total: number) => void) | undefined;
};

/** What git wrote; a failure tells its last words. */
export type GitEnd = { status: number | null; stdout: string; stderr: string };

/** Never a question, no transport but the two that are meant, no work left running behind. */
const environment = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GIT_ALLOW_PROTOCOL: 'file:ssh',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};

/** Dead links and unknown host keys end instead of waiting. */
export const sshCommand =
  'ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=10 -o ServerAliveCountMax=3';

const settings = ['core.hooksPath=/dev/null', 'gc.auto=0', 'maintenance.auto=false', 'push.recurseSubmodules=no'];

/** Its output is bounded: a list of refs of a giant repository has 10 MiB. */
const maxOutputBytes = 16 * 1024 * 1024;

/** 'Receiving objects:  41% (413/1000)': not what the other side does before it sends or after it has received. */
const countedObjects = /(?:Receiving|Unpacking|Writing) objects: +\d+% \((\d+)\/(\d+)\)/g;

/** Runs git to its end. `cancelled` when stopped, `unreachable` when it is silent for too long. */
export function runGit({ dir, address, args, run, ssh, onCount }: GitTask): Promise<Outcome<GitEnd>> {
  const { signal, silenceMilliseconds } = run;
  if (signal.aborted) return Promise.resolve(stopped());
  const child = spawn('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: dir,
    env: { ...(ssh === undefined ? {} : { GIT_SSH_COMMAND: ssh }), ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32', // so that ssh ends with it
  });
  const end: GitEnd = { status: null, stdout: '', stderr: '' };
  return new Promise((resolve) => {
    let why: Outcome<never> | null = null;
    const stop = (reason: Outcome<never>) => {
      why ??= reason;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => stop(silent(address, silenceMilliseconds)), silenceMilliseconds);
    const onAbort = () => stop(stopped());
    signal.addEventListener('abort', onAbort);
    const take = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
      timer.refresh();
      const text = chunk.toString('utf8');
      if (end[stream].length < maxOutputBytes) end[stream] += text;
      const counted = onCount === undefined ? undefined : [...text.matchAll(countedObjects)].at(-1);
      if (counted !== undefined) onCount?.(Number(counted[1]), Number(counted[2]));
    };
    child.stdout.on('data', take('stdout'));
    child.stderr.on('data', take('stderr'));
    const settle = (outcome: Outcome<GitEnd>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    child.on('error', (error) =>
      settle(systemCodeOf(error) === 'ENOENT' ? missing() : failed('internal', error.message)),
    );
    child.on('close', (status) => settle(why ?? done({ ...end, status })));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL'); // it holds no lock of ours, and may hang in a call
  } catch {
    // it ended just now
  }
}

function stopped(): Outcome<never> {
  return failed('cancelled', 'The sync was stopped. Nothing was changed.');
}

function silent({ place }: RemoteAddress, milliseconds: number): Outcome<never> {
  const message = `${place} did not answer within ${Math.round(milliseconds / 1000)} s.`;
  return failed('unreachable', message, 'Check the network and the address, then sync again.');
}

function missing(): Outcome<never> {
  const message = 'This remote needs the git program, which is not installed on this computer.';
  return failed('not-found', message, 'Install git, or share by an https address with a token.');
}

/** git's words as a problem of ours. */
export function problemOf({ place, way }: RemoteAddress, { stderr }: GitEnd): Outcome<never> {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const told = lines.find((line) => /^(fatal|error|ERROR):/.test(line)) ?? lines.at(-1) ?? 'It gave no reason.';
  const words = told.replace(/^(fatal|error|ERROR): */, '').slice(0, 300);
  if (/host key verification failed|no matching host key|REMOTE HOST IDENTIFICATION HAS CHANGED/i.test(stderr)) {
    const hint = 'Connect there once with ssh and compare its key.';
    return failed('host-key-unknown', `ssh does not trust the host key of ${place}.`, hint);
  }
  if (/permission denied|authentication failed|could not read (username|password)|access denied/i.test(stderr)) {
    const hint = way === 'ssh' ? 'Check the key that ssh uses for it.' : 'Check your rights there.';
    return failed('sign-in-failed', `${place} does not let you in: ${words}`, hint);
  }
  if (/\[remote rejected\]|pre-receive hook|protected branch/i.test(stderr)) {
    return failed('conflict', `${place} refuses what was sent: ${words}`, 'Ask whoever keeps the remote.');
  }
  return failed('unreachable', `${place} cannot be used: ${words}`, 'Check the address and the network.');
}
