// `npm run build:agent-executable`: the agent as one file with its own Node, for gateways that have none. It takes
// some seconds and 127 MB, so it is made on demand and kept in node_modules/.cache until bundle or Node change.
// Node 24 makes it with a blob and postject; its --build-sea came with 25.
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { gzip } from 'node:zlib';
import { join, resolve } from 'node:path';
import { executableCache, executableName, linkExecutable } from './agent-executable.ts';
import { inProject, toolPath } from './project.ts';

const runFile = promisify(execFile);
const zip = promisify(gzip);

/** Node's own, in every binary that it ships: postject turns it. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Level 6 saves 4 % against level 1 on the way to every host, and is paid once. */
const gzipLevel = 6;

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function make(bundleFile: string, into: string): Promise<void> {
  const node = inProject('node_modules/node/bin/node');
  const work = await mkdtemp(join(inProject('node_modules/.cache'), 'agent-executable-'));
  try {
    const blob = join(work, 'agent.blob');
    const config = { main: bundleFile, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true };
    await writeFile(join(work, 'sea.json'), JSON.stringify(config));
    await runFile(node, ['--experimental-sea-config', join(work, 'sea.json')]);
    const executable = join(work, executableName);
    await copyFile(node, executable);
    await chmod(executable, 0o755);
    await runFile(toolPath('postject'), [executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse]);
    const { stdout } = await runFile(executable, ['--version']); // it must run before it is sent anywhere
    const content = await readFile(executable);
    const facts = { bundleSha256: sha256(await readFile(bundleFile)), sha256: sha256(content), bytes: content.length };
    await writeFile(`${executable}.gz`, await zip(content, { level: gzipLevel }));
    await writeFile(`${executable}.json`, `${JSON.stringify({ ...facts, version: stdout.trim() }, null, 2)}\n`);
    await rm(join(work, 'sea.json'));
    await rm(blob);
    await rm(into, { recursive: true, force: true });
    await rename(work, into); // whole or not at all
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Another bundle may be named: the executable then comes beside that one. */
const bundleFile = resolve(process.argv[2] ?? inProject('dist/gateway-agent/gateway-agent.cjs'));
if (!existsSync(bundleFile)) throw new Error('The agent is not built. Run: npm run build');
if (process.platform !== 'linux' || process.arch !== 'x64') {
  throw new Error('The one-file agent is made on Linux x64: it is that machine’s own Node binary.');
}
const cache = await executableCache(bundleFile);
if (!existsSync(cache)) {
  await mkdir(inProject('node_modules/.cache'), { recursive: true });
  await make(bundleFile, cache);
}
await linkExecutable(bundleFile);
