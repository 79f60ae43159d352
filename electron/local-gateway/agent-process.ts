// The real agent as child processes of this program: one daemon that must not outlive it, and one `rpc` per SSH exec.
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { done, failed, type Outcome } from '#contract/outcome';

export type AgentFiles = { nodeBinary: string; agentBundle: string; root: string };

export type AgentDaemon = {
  pid: number;
  ended: Promise<void>;
  /** SIGTERM, and SIGKILL when it has not drained in time. */
  stop: () => Promise<void>;
};

const readyMilliseconds = 15_000;
/** Nobody's mail is at stake on this computer: less than the 30 s that a gateway may take. */
const drainMilliseconds = 5_000;
const maxErrorText = 4_000;

/**
 * Loaded into the daemon before its own code. Its stdin is a pipe from this program: however this program ends, the
 * kernel closes the pipe, and the daemon goes too.
 */
const guard = `data:text/javascript,${encodeURIComponent(
  `process.stdin.on('end', leave).on('error', leave).resume();
   process.stdin.unref();
   function leave() { process.kill(process.pid, 'SIGTERM'); setTimeout(() => process.exit(1), ${drainMilliseconds}).unref(); }`,
)}`;

/** Starts the daemon and waits until its control socket answers. */
export async function startAgentDaemon(files: AgentFiles): Promise<Outcome<AgentDaemon>> {
  const child = spawn(files.nodeBinary, ['--import', guard, files.agentBundle, 'daemon', '--root', files.root], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: quietEnvironment(),
    windowsHide: true,
    // Its own process group: Ctrl+C in a terminal goes to this program alone, which ends things in order.
    detached: process.platform !== 'win32',
  });
  const words = keepErrors(child);
  child.stdin.on('error', () => undefined); // the daemon may be gone first
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => void (hasEnded = true));

  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, pause(drainMilliseconds, undefined, { ref: false })]);
    if (!hasEnded) child.kill('SIGKILL');
    await ended;
  };

  const deadline = Date.now() + readyMilliseconds;
  while (!hasEnded && Date.now() < deadline) {
    if (await answers(join(files.root, 'run', 'agent.sock'))) return done({ pid: child.pid ?? 0, ended, stop });
    await pause(50);
  }
  const reason = hasEnded ? 'it ended at once' : `no answer within ${readyMilliseconds / 1000} s`;
  await stop();
  return failed('daemon-down', `The agent did not start on this computer: ${reason}. ${words().trim()}`.trim());
}

/** One `rpc`, as sshd would start it: the environment tells where the caller comes from. */
export function spawnAgentRpc(files: AgentFiles, sshConnection: string): ChildProcessWithoutNullStreams {
  return spawn(files.nodeBinary, [files.agentBundle, 'rpc', '--root', files.root, '--as', 'this computer'], {
    env: { ...quietEnvironment(), SSH_CONNECTION: sshConnection },
    windowsHide: true,
    detached: process.platform !== 'win32', // it finishes what it began
  });
}

/** Nothing of this program's environment is the agent's business; a debugger or a proxy variable would be. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TZ', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function keepErrors(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString('utf8')).slice(-maxErrorText)));
  return () => text;
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
