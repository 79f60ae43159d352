// The `postern` command as it ships: one bundled file in a process of its own.
import { build } from 'esbuild';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ran, runWithInput } from './ssh-client.ts';

const entry = fileURLToPath(new URL('../../electron/cli.ts', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Bundles the command into the folder; gives what runs it, without a terminal and with a home of its own. */
export async function installPosternCommand(folder: string): Promise<(...args: string[]) => Promise<Ran>> {
  const file = join(folder, 'postern.cjs');
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    define: { POSTERN_VERSION: '"0.0.0-test"' },
    external: ['@github/keytar', 'cpu-features', '*.node'],
  });
  const environment = [`HOME=${folder}`, `XDG_CONFIG_HOME=${folder}`, `NODE_PATH=${modules}`, 'SSH_AUTH_SOCK='];
  return (...args) => runWithInput(['env', ...environment, process.execPath, file, ...args]);
}
