// Haraka, installed by the benchmark into the cache folder of node_modules; never a dependency of this project.
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inProject } from '../project.ts';
import { run } from '../run.ts';
import { maxConnectionsToSink, recipientDomain, type Peer } from './peer.ts';
import { findFreePort, waitForGreeting, type Workshop } from './workshop.ts';

const version = '3.3.4';
const cache = inProject('node_modules/.cache/postern/bench', `haraka-${version}`);
const haraka = join(cache, 'node_modules/Haraka');

/** Fetches Haraka from npm once. Its optional plugins are left out: none of them is switched on. */
export async function installHaraka(): Promise<void> {
  if (existsSync(join(cache, 'installed'))) return;
  await mkdir(cache, { recursive: true });
  const flags = ['--no-save', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...flags, '--prefix', cache, `Haraka@${version}`], { timeoutMilliseconds: 300_000 });
  await writeFile(join(cache, 'installed'), '');
}

/** Takes mail for our domain and hands it to Haraka's own queue on disk, whose next hop is the sink. */
function gatewayPlugin(sinkPort: number): string {
  return `'use strict';
exports.hook_lookup_rdns = (next) => next(OK, 'localhost'); // the others ask no DNS either
exports.hook_connect = (next, connection) => { connection.relaying = true; next(); };
exports.hook_rcpt = (next, connection, [recipient]) => next(recipient.host === '${recipientDomain}' ? OK : DENY);
exports.hook_get_mx = (next) => next(OK, [{ priority: 0, exchange: '127.0.0.1', port: ${sinkPort} }]);
`;
}

let started = 0;

/** Starts Haraka as one process, as it comes: the settings are its defaults but for names, ports and the sink. */
export async function startHaraka(workshop: Workshop, { sinkPort }: { sinkPort: number }): Promise<Peer> {
  started += 1;
  const folder = join(workshop.folder, `haraka-${started}`);
  const port = await findFreePort();
  for (const name of ['plugins', 'queue']) await mkdir(join(folder, name), { recursive: true });
  await cp(join(haraka, 'config'), join(folder, 'config'), { recursive: true }); // as `haraka --install` does
  const files = {
    'config/smtp.ini': `listen=127.0.0.1:${port}\n`,
    'config/me': 'haraka.test\n',
    'config/plugins': 'bench_gateway\n',
    'config/log.ini': '[main]\nlevel=info\n',
    'config/outbound.ini': `concurrency_max=${maxConnectionsToSink}\nlocal_mx_ok=true\nenable_tls=false\n`,
    'plugins/bench_gateway.js': gatewayPlugin(sinkPort),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const server = workshop.start(`haraka-${started}`, [process.execPath, join(haraka, 'bin/haraka'), '-c', folder]);
  await waitForGreeting(port, server);
  return { name: 'haraka', port, pid: server.pid, end: () => server.end() };
}
