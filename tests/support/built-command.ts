// The `postern` command and the agent, bundled as the build bundles them, in a folder of their own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('../..', import.meta.url));

export type BuiltCommand = {
  folder: string;
  /** Where it makes its temporary files. */
  temporaryFolder: string;
  command: string;
  agentBundle: string;
  /** Runs it to its end, at most 60 s, without a terminal. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Starts it; the test ends it. */
  start(args: readonly string[]): ChildProcess;
  remove(): Promise<void>;
};

export type RunOptions = { environment?: Record<string, string> };
export type Ran = { status: number | null; stdout: string; stderr: string };

/** Bundles both; about a second. */
export async function buildCommand(): Promise<BuiltCommand> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-command-'));
  const command = join(folder, 'dist/electron/postern.cjs');
  const agentBundle = join(folder, 'dist/gateway-agent/gateway-agent.cjs');
  await Promise.all([
    bundle('electron/cli.ts', command, 'node20'),
    bundle('gateway-agent/cli.ts', agentBundle, 'node24'),
  ]);
  const temporaryFolder = join(folder, 'tmp');
  await mkdir(temporaryFolder);
  const start = (args: readonly string[], environment: Record<string, string> = {}) =>
    spawn(process.execPath, [command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        XDG_CONFIG_HOME: join(folder, 'config'),
        TMPDIR: temporaryFolder,
        ...environment,
      },
    });
  return {
    folder,
    temporaryFolder,
    command,
    agentBundle,
    start,
    run: (args, options = {}) => finish(start(args, options.environment)),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function bundle(entry: string, outfile: string, target: string): Promise<unknown> {
  return build({
    absWorkingDir: project,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target,
    logLevel: 'error',
    define: { POSTERN_VERSION: '"0.0.0-test"' },
    external: ['@github/keytar', 'cpu-features', '*.node'],
  });
}

/** Collects what it says until it ends. */
export function finish(child: ChildProcess): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const ran: Ran = { status: null, stdout: '', stderr: '' };
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    child.stdout?.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ ...ran, status });
    });
  });
}
