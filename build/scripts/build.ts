// Builds everything into dist/: the agent's one file, the `postern` command, the app's main and preload, the window.
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { chmod, cp, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { linkExecutable } from './agent-executable.ts';
import { leanZod } from './lean-zod.ts';
import { run } from './run.ts';
import { inProject, toolPath } from './project.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile(inProject('package.json'), 'utf8')));

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
  define: {
    POSTERN_VERSION: JSON.stringify(version),
    // isomorphic-git prefers streams of the web to its own deflate: for an object of 300 bytes ten times the CPU, and
    // Node loads its whole HTTP client for them.
    CompressionStream: 'undefined',
    DecompressionStream: 'undefined',
  },
  plugins: [leanZod],
  // ssh2's native speed-ups are optional and are never built: the pure part works in Node and in Electron alike.
  external: ['electron', '@github/keytar', 'cpu-features', '*.node'],
};

/** The command's entry is small and loads the rest when the code cache is on. */
const restOfCommand: Plugin = {
  name: 'rest-of-command',
  setup(bundling) {
    bundling.onResolve({ filter: /\/run-postern\.ts$/ }, () => ({ path: './postern-main.cjs', external: true }));
  },
};

async function bundle(entry: string, outfile: string, options: BuildOptions): Promise<void> {
  await build({ ...shared, ...options, entryPoints: [inProject(entry)], outfile: inProject('dist', outfile) });
}

async function bundleAll(): Promise<void> {
  await rm(inProject('dist/gateway-agent'), { recursive: true, force: true });
  await rm(inProject('dist/electron'), { recursive: true, force: true });
  const executable = { banner: { js: '#!/usr/bin/env node' } };
  await Promise.all([
    // Readable stacks matter more on a gateway than a few kilobytes.
    bundle('gateway-agent/cli.ts', 'gateway-agent/gateway-agent.cjs', { target: 'node24', ...executable }),
    bundle('electron/cli.ts', 'electron/postern.cjs', {
      target: 'node20',
      supported: { 'dynamic-import': false }, // require() in its place: loading CommonJS as a module costs more
      plugins: [restOfCommand],
      ...executable,
    }),
    bundle('electron/cli/run-postern.ts', 'electron/postern-main.cjs', { target: 'node20' }),
    bundle('electron/main.ts', 'electron/main.cjs', { target: 'node18' }),
    bundle('electron/service.ts', 'electron/service.cjs', { target: 'node18' }),
    bundle('electron/preload.ts', 'electron/preload.cjs', { target: 'chrome114', platform: 'browser' }),
  ]);
  await chmod(inProject('dist/gateway-agent/gateway-agent.cjs'), 0o755);
  await chmod(inProject('dist/electron/postern.cjs'), 0o755);
}

/** What enrolment sends to a bare host beside the bundle. The one-file agent only where it was made for this bundle. */
async function addEnrolKit(): Promise<void> {
  for (const name of ['enrol-host.sh', 'postern-gateway-agent.service']) {
    await cp(inProject('build/resources', name), inProject('dist/gateway-agent', name));
  }
  await linkExecutable(inProject('dist/gateway-agent/gateway-agent.cjs'));
}

await bundleAll();
await addEnrolKit();
await run(toolPath('vite'), ['build', '--config', inProject('build/config/vite.config.ts'), '--logLevel', 'warn']);
await cp(inProject('build/resources/icon.png'), inProject('dist/electron/icon.png'));
