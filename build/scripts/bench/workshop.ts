// One benchmark's temporary folder and processes; `close` ends each of them by its pid and removes the folder.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listTree } from './process-tree.ts';

const runFile = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** A program and its arguments as root has them run. */
export function asRoot(command: readonly string[]): [string, string[]] {
  const [program = '', ...args] = isRoot ? command : ['sudo', '-n', ...command];
  return [program, args];
}

/** A server that runs in the background. */
export type Server = { name: string; pid: number; lastWords(): string; hasEnded(): boolean; end(): Promise<void> };

export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  readonly #servers = new Set<Server>();

  constructor() {
    chmodSync(this.folder, 0o755); // Postfix's own user looks into it
  }

  /** Starts a server; what it prints goes to `<name>.log` in the folder. */
  start(name: string, command: readonly string[], env: NodeJS.ProcessEnv = process.env): Server {
    const [program = '', ...args] = command;
    const log = openSync(this.logPath(name), 'w');
    // A process group of its own: Ctrl+C reaches this program alone, which then ends all of them.
    const child = spawn(program, args, { cwd: this.folder, env, detached: true, stdio: ['ignore', log, log] });
    child.on('error', () => undefined); // shows as ended
    const server: Server = {
      name,
      pid: child.pid ?? -1,
      lastWords: () => readFileSync(this.logPath(name), 'utf8').trim().split('\n').slice(-3).join('\n'),
      hasEnded: () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
      end: async () => {
        this.#servers.delete(server);
        if (!server.hasEnded()) await endTree(server.pid);
      },
    };
    this.#servers.add(server);
    return server;
  }

  logPath(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** Ends what still runs and removes the folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.end()));
    await rm(this.folder, { recursive: true, force: true }).catch(() => runFile(...asRoot(['rm', '-r', this.folder])));
  }
}

/** SIGTERM for the whole tree (Postfix's master is not its root), SIGKILL after five seconds for what is left of it. */
async function endTree(root: number): Promise<void> {
  const pids = listTree(root);
  const left = () => pids.filter((pid) => existsSync(`/proc/${pid}`));
  for (const pid of left()) await signal(pid, 'TERM');
  for (let wait = 0; wait < 100 && left().length > 0; wait += 1) await delay(50);
  for (const pid of left()) await signal(pid, 'KILL');
}

async function signal(pid: number, name: 'TERM' | 'KILL'): Promise<void> {
  try {
    process.kill(pid, `SIG${name}`);
  } catch (error) {
    const isForeign = error instanceof Error && 'code' in error && error.code === 'EPERM';
    if (isForeign) await runFile(...asRoot(['kill', `-${name}`, String(pid)])).catch(() => undefined);
  }
}

/** A TCP port on 127.0.0.1 that nobody held a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server greets with 220 on the port; throws after 30 s or when the server has ended. */
export async function waitForGreeting(port: number, server: Server): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline && !server.hasEnded()) {
    if (await greets(port)) return;
    await delay(100);
  }
  const what = server.hasEnded() ? 'has ended' : 'did not greet within 30 seconds';
  throw new Error(`${server.name} ${what}. ${server.lastWords()}`);
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(2000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString('latin1').startsWith('220'));
      socket.end('QUIT\r\n');
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(false));
  });
}
