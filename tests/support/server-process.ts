// A server started as root (it may change its user afterwards), its output, and its end.
import { once } from 'node:events';
import { runAsRoot, spawnAsRoot } from './as-root.ts';

export type ServerProcess = { pid: number; output(): string; end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> };

/** Starts a command; the pid is the command's own, also where sudo stands before it. */
export async function startServerProcess(command: readonly string[]): Promise<ServerProcess> {
  const child = spawnAsRoot('sh', ['-c', 'echo "$$"; exec "$@"', 'sh', ...command]);
  const ended = once(child, 'exit');
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const first = await Promise.race([once(child.stdout ?? child, 'data'), ended]);
  const pid = Number.parseInt(String(first[0]), 10);
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    pid,
    output: () => output,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null)
        await runAsRoot('kill', `-${signal.slice(3)}`, String(pid));
      await ended;
    },
  };
}
