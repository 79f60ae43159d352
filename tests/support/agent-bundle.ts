// The agent as one file with its own Node, in a folder that the gateway's users can read.
import { build } from 'esbuild';
import { copyFile, chmod, link, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../gateway-agent/cli.ts', import.meta.url));

/** Puts node, gateway-agent.cjs and a `gateway-agent` command into the folder; gives the command's path. */
export async function installAgent(folder: string): Promise<string> {
  const node = join(folder, 'node');
  const binary = await realpath(process.execPath);
  await link(binary, node).catch(() => copyFile(binary, node)); // 127 MB; a link when it is the same disk
  const bundle = join(folder, 'gateway-agent.cjs');
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'error',
    define: { POSTERN_VERSION: '"0.0.0-test"' },
  });
  const command = join(folder, 'gateway-agent');
  await writeFile(command, `#!/bin/sh\nexec ${node} ${bundle} "$@"\n`);
  await chmod(command, 0o755);
  await chmod(bundle, 0o644);
  return command;
}
