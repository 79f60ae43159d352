// Builds everything into dist/: the agent's one file, the `postern` command, the app's main and preload, the window.
import { build, type BuildOptions } from 'esbuild';
import { chmod, cp, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { linkExecutable } from './agent-executable.ts';
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
  define: { POSTERN_VERSION: JSON.stringify(version) },
  // ssh2's native speed-ups are optional and are never built: the pure part works in Node and in Electron alike.
  external: ['electron', '@github/keytar', 'cpu-features', '*.node'],
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
    bundle('electron/cli.ts', 'electron/postern.cjs', { target: 'node20', ...executable }),
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
