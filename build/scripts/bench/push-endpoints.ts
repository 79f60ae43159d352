// Gateways for the benchmark of pushes: one OpenSSH server for each on loopback, the real `rpc` behind it.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { HostKey } from '#contract/fleet';
import { inProject } from '../project.ts';
import { asRoot, findFreePort, type Workshop } from './workshop.ts';

const runFile = promisify(execFile);

export type Endpoint = { name: string; port: number; root: string };

export type PushEndpoints = {
  all: Endpoint[];
  user: string;
  hostKey: HostKey;
  knownHosts: string;
  /** Can do nothing but `gateway-agent rpc`, as a management key. */
  managementKey: string;
  /** May do everything: what Ansible needs. */
  shellKey: string;
  /** The agent's command line without its root. */
  agent: string;
  smtpPort: number;
};

/** Starts them; every one has the same host key, and its own port and root folder. */
export async function startEndpoints(workshop: Workshop, count: number, agentBundle: string): Promise<PushEndpoints> {
  const { folder } = workshop;
  const managementKey = await makeKey(join(folder, 'management'));
  const shellKey = await makeKey(join(folder, 'shell'));
  const hostKey = await readHostKey(await makeKey(join(folder, 'host')));
  const bundle = join(folder, 'gateway-agent.cjs');
  await copyFile(agentBundle, bundle); // a build beside it does no harm
  const agent = `${process.execPath} ${bundle} rpc`;
  const smtpPort = await findFreePort();
  const all: Endpoint[] = [];
  for (let index = 1; index <= count; index += 1) {
    const name = `e${String(index).padStart(3, '0')}`;
    const root = join(folder, name);
    await mkdir(join(root, 'releases'), { recursive: true });
    all.push({ name, port: await findFreePort(), root });
  }
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, all.map(({ port }) => `[127.0.0.1]:${port} ${hostKey.type} ${hostKey.key}\n`).join(''));
  await startDaemons(workshop, all, smtpPort);
  const [program, args] = asRoot(['install', '-d', '-m', '0755', '/run/sshd']); // privilege separation
  await runFile(program, args);
  for (const endpoint of all) await startSshd(workshop, endpoint, { managementKey, shellKey, agent });
  for (const { port } of all) await waitForPort(port);
  return { all, user: userInfo().username, hostKey, knownHosts, managementKey, shellKey, agent, smtpPort };
}

async function makeKey(file: string): Promise<string> {
  await runFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', file]);
  return file;
}

async function readHostKey(file: string): Promise<HostKey> {
  const [type = '', key = ''] = (await readFile(`${file}.pub`, 'utf8')).split(' ');
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return { type, key, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
}

async function startDaemons(workshop: Workshop, all: readonly Endpoint[], smtpPort: number): Promise<void> {
  const file = join(workshop.folder, 'roots.json');
  await writeFile(file, JSON.stringify(all.map(({ root }) => root)));
  const script = inProject('build/scripts/bench/stand-in-daemons.ts');
  workshop.start('daemons', [process.execPath, script, file, String(smtpPort)]);
  await waitForPort(smtpPort);
}

type Keys = { managementKey: string; shellKey: string; agent: string };

async function startSshd(workshop: Workshop, { name, port, root }: Endpoint, keys: Keys): Promise<void> {
  const { managementKey, shellKey, agent } = keys;
  const restricted = `restrict,command="${agent} --root ${root} --as bench" `;
  const authorized =
    restricted + (await readFile(`${managementKey}.pub`, 'utf8')) + (await readFile(`${shellKey}.pub`, 'utf8'));
  await writeFile(join(root, 'authorized_keys'), authorized, { mode: 0o644 });
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(workshop.folder, 'host')}`,
    'PidFile none',
    `AuthorizedKeysFile ${join(root, 'authorized_keys')}`,
    'StrictModes no', // the folder lies below a world-writable /tmp
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'UsePAM no',
    'Subsystem sftp internal-sftp',
    'LogLevel ERROR',
  ];
  const config = join(root, 'sshd_config');
  await writeFile(config, `${lines.join('\n')}\n`);
  const [program, args] = asRoot(['/usr/sbin/sshd', '-D', '-e', '-f', config]);
  workshop.start(name, [program, ...args]);
}

async function waitForPort(port: number): Promise<void> {
  for (let wait = 0; wait < 400; wait += 1) {
    if (await answers(port)) return;
    await delay(25);
  }
  throw new Error(`Nothing listens on port ${port} after 10 s.`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== null));
    socket.once('error', () => resolve(false));
  });
}

/** What an endpoint has confirmed; null: nothing yet. */
export async function confirmedBy({ root }: Endpoint): Promise<string | null> {
  const file = join(root, 'current');
  return existsSync(file) ? (await readFile(file, 'utf8')).trim() : null;
}
