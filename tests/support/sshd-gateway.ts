// A whole gateway on loopback: a real OpenSSH server, the two real users, the restricted management key, the rights
// of the root folder as docs/agent.md tells them, and the real daemon running as its user.
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostKey } from '../../gateway-agent/contract/fleet.ts';
import { installAgent } from './agent-bundle.ts';
import { ensureGatewayUsers, runAsRoot } from './as-root.ts';
import { findFreePort } from './free-port.ts';
import { makeHostKey, makeKeyPair } from './ssh-keys.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** What a test does with its gateway. */
export type SshdGateway = {
  host: '127.0.0.1';
  port: number;
  user: 'postern-deploy';
  hostKey: HostKey;
  /** The management key, OpenSSH format, no passphrase, mode 0600. */
  clientKeyFile: string;
  /** For OpenSSH's own client: this gateway's host key, and no other. */
  knownHostsFile: string;
  /** The agent's root folder; readable by its users and root only. */
  root: string;
  /** Where everything of this gateway lies; readable by all. */
  folder: string;
  /** The command that runs the agent: `<command> rpc --root …`. */
  agentCommand: string;
  /** Free when the gateway started; configure the listener with it. */
  smtpPort: number;
  daemonPid(): number;
  daemonLog(): string;
  /** sshd's own log at DEBUG1, since the start. */
  sshdLog(): string;
  /** Handshakes that came as far as a session of the management key. */
  acceptedSignIns(): number;
  /** SIGKILL, and waits until it is gone. */
  killDaemon(): Promise<void>;
  startDaemon(): Promise<void>;
  /** Replaces the host key as a reinstalled machine would, open connections ended; gives the new one. */
  changeHostKey(): Promise<HostKey>;
  stop(): Promise<void>;
};

export type SshdGatewayOptions = { author?: string; withoutDaemon?: boolean };

/** A killed test run must leave no server behind. */
const endsWithTests = ['setpriv', '--pdeathsig=KILL'];

/** Starts one; every call gives a gateway of its own. Needs root or `sudo -n`, and says which command is missing. */
export async function startSshdGateway(options: SshdGatewayOptions = {}): Promise<SshdGateway> {
  await ensureGatewayUsers();
  const folder = await mkdtemp(join(tmpdir(), 'postern-sshd-'));
  await chmod(folder, 0o755);
  const root = join(folder, 'root');
  await makeRootFolder(root);
  const agentCommand = await installAgent(folder);
  const clientKeyFile = await makeKeyPair(join(folder, 'client_key'));
  const port = await findFreePort();
  await writeAuthorizedKeys(folder, { agentCommand, root, author: options.author ?? 'tester' });
  await writeSshdConfig(folder, port);
  let hostKey = await makeHostKey(folder, port);
  let sshd = await startSshd(folder, port);
  let daemon: ServerProcess | null = null;
  const logs = { sshd: '', daemon: '' };

  const startDaemon = async (): Promise<void> => {
    daemon = await startServerProcess(daemonCommand(agentCommand, root));
    await waitFor(() => isSocketThere(root), 'the daemon’s socket');
  };
  const endDaemon = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    await daemon?.end(signal);
    logs.daemon += daemon?.output() ?? '';
    daemon = null;
    await runAsRoot('rm', '-f', join(root, 'run/agent.sock'));
  };
  const endSshd = async (): Promise<void> => {
    await sshd.end('SIGTERM');
    logs.sshd += sshd.output();
  };
  if (options.withoutDaemon !== true) await startDaemon();
  const sshdLog = (): string => logs.sshd + sshd.output();

  return {
    host: '127.0.0.1',
    port,
    user: 'postern-deploy',
    get hostKey() {
      return hostKey;
    },
    clientKeyFile,
    knownHostsFile: join(folder, 'known_hosts'),
    root,
    folder,
    agentCommand,
    smtpPort: await findFreePort(),
    daemonPid: () => daemon?.pid ?? 0,
    daemonLog: () => logs.daemon + (daemon?.output() ?? ''),
    sshdLog,
    acceptedSignIns: () => sshdLog().match(/^Accepted publickey for /gm)?.length ?? 0,
    killDaemon: () => endDaemon('SIGKILL'),
    startDaemon,
    async changeHostKey() {
      await endSessions(sshd.pid);
      await endSshd();
      hostKey = await makeHostKey(folder, port);
      sshd = await startSshd(folder, port);
      return hostKey;
    },
    async stop() {
      await endDaemon('SIGTERM');
      await endSshd();
      await runAsRoot('rm', '-rf', folder);
    },
  };
}

/** The rights of docs/agent.md. */
async function makeRootFolder(root: string): Promise<void> {
  await runAsRoot('install', '-d', '-o', 'postern-deploy', '-g', 'postern', '-m', '2750', root, join(root, 'releases'));
  await runAsRoot(
    'install',
    '-d',
    '-o',
    'postern',
    '-g',
    'postern',
    '-m',
    '0700',
    join(root, 'queue'),
    join(root, 'events'),
  );
  await runAsRoot('install', '-d', '-o', 'postern', '-g', 'postern', '-m', '0750', join(root, 'run'));
}

async function writeAuthorizedKeys(
  folder: string,
  { agentCommand, root, author }: { agentCommand: string; root: string; author: string },
): Promise<void> {
  const publicKey = await readFile(join(folder, 'client_key.pub'), 'utf8');
  const command = `${agentCommand} rpc --root ${root} --as ${author}`;
  await writeFile(join(folder, 'authorized_keys'), `restrict,command="${command}" ${publicKey}`, { mode: 0o644 });
}

/** Forwarding, SFTP and a terminal are on as a distribution has them: what refuses them must be the key's own line. */
async function writeSshdConfig(folder: string, port: number): Promise<void> {
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host_key')}`,
    'PidFile none',
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'StrictModes no', // the folder lies below a world-writable /tmp
    'PasswordAuthentication yes',
    'UsePAM no',
    'AllowTcpForwarding yes',
    'AcceptEnv LANG POSTERN_*',
    'Subsystem sftp internal-sftp',
    'LogLevel DEBUG1',
  ];
  await writeFile(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
}

/** sshd's children outlive it, and a kept connection asks for no host key. */
async function endSessions(sshdPid: number): Promise<void> {
  const listed = await runAsRoot('ps', '-o', 'pid=', '--ppid', String(sshdPid)).catch(() => ''); // status 1: none
  for (const pid of listed.split('\n').map((line) => line.trim())) {
    if (pid !== '') await runAsRoot('kill', pid).catch(() => undefined); // it may have ended by itself
  }
}

async function startSshd(folder: string, port: number): Promise<ServerProcess> {
  await runAsRoot('install', '-d', '-m', '0755', '/run/sshd'); // privilege separation; made at boot where sshd is a service
  const sshd = await startServerProcess([
    ...endsWithTests,
    '/usr/sbin/sshd',
    '-D',
    '-e',
    '-f',
    join(folder, 'sshd_config'),
  ]);
  await waitFor(async () => sshd.output().includes(`Server listening on 127.0.0.1 port ${port}`), 'sshd');
  return sshd;
}

function daemonCommand(agentCommand: string, root: string): string[] {
  const asDaemon = ['--reuid=postern', '--regid=postern', '--clear-groups', '--no-new-privs'];
  return [...endsWithTests, ...asDaemon, agentCommand, 'daemon', '--root', root];
}

function isSocketThere(root: string): Promise<boolean> {
  return runAsRoot('test', '-S', join(root, 'run/agent.sock')).then(
    () => true,
    () => false,
  );
}

async function waitFor(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (await isTrue()) return;
    await delay(25);
  }
  throw new Error(`Waited 30 s for ${what}.`);
}
