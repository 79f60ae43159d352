// A real OpenSSH server on loopback that lets its users connect onwards: a jump host.
import { chmod, copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostKey } from '../../gateway-agent/contract/fleet.ts';
import { ensureGatewayUsers, runAsRoot } from './as-root.ts';
import { findFreePort } from './free-port.ts';
import { startServerProcess } from './server-process.ts';
import { makeHostKey, makeKeyPair } from './ssh-keys.ts';

/** What a test does with its jump host. */
export type SshdHop = {
  host: '127.0.0.1';
  port: number;
  user: 'postern-deploy';
  hostKey: HostKey;
  clientKeyFile: string;
  folder: string;
  pid: number;
  /** sshd's own log at DEBUG1. */
  log(): string;
  /** Sign-ins that were accepted. */
  acceptedSignIns(): number;
  stop(): Promise<void>;
};

/** `lines`: more for sshd_config, before everything else, so that they win. */
export async function startSshdHop(lines: readonly string[] = []): Promise<SshdHop> {
  await ensureGatewayUsers();
  const folder = await mkdtemp(join(tmpdir(), 'postern-hop-'));
  await chmod(folder, 0o755);
  const clientKeyFile = await makeKeyPair(join(folder, 'client_key'));
  await copyFile(`${clientKeyFile}.pub`, join(folder, 'authorized_keys'));
  await chmod(join(folder, 'authorized_keys'), 0o644);
  const port = await findFreePort();
  const hostKey = await makeHostKey(folder, port);
  const config = [
    ...lines,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host_key')}`,
    'PidFile none',
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'StrictModes no', // the folder lies below a world-writable /tmp
    'PasswordAuthentication yes',
    'UsePAM no',
    'AllowTcpForwarding yes',
    'LogLevel DEBUG1',
  ];
  await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  await runAsRoot('install', '-d', '-m', '0755', '/run/sshd'); // made at boot where sshd is a service
  const command = ['setpriv', '--pdeathsig=KILL', '/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  const sshd = await startServerProcess(command);
  const deadline = Date.now() + 30_000;
  while (!sshd.output().includes(`port ${port}`)) {
    if (Date.now() > deadline) throw new Error(`Waited 10 s for sshd: ${sshd.output()}`);
    await delay(25);
  }
  return {
    host: '127.0.0.1',
    port,
    user: 'postern-deploy',
    hostKey,
    clientKeyFile,
    folder,
    pid: sshd.pid,
    log: () => sshd.output(),
    acceptedSignIns: () => sshd.output().match(/^Accepted \S+ for /gm)?.length ?? 0,
    async stop() {
      await sshd.end('SIGTERM');
      await runAsRoot('rm', '-rf', folder);
    },
  };
}
