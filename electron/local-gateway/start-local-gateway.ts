// "Try it on this computer": a real agent daemon behind an in-process SSH server on loopback, with a next hop that
// takes everything. A push reaches it exactly as it reaches a real gateway.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SshAddress } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { errorCodeOf } from '../ssh/ssh-failure.ts';
import { spawnAgentRpc, startAgentDaemon, type AgentFiles } from './agent-process.ts';
import { findFreeSmtpPort } from './free-smtp-port.ts';
import type { LocalGateway } from './local-gateway.ts';
import { startLocalSshServer } from './local-ssh-server.ts';
import { startMailSink } from './mail-sink.ts';

const user = 'postern-deploy';

export type LocalGatewayOptions = {
  /** Its own; what an earlier run left there is removed. Never the fleet folder: a key lies in it. */
  folder: string;
  agentBundle: string;
  /** Node 24: the agent's own version, which Electron's is not. */
  nodeBinary: string;
  onProgress?: ((words: string) => void) | undefined;
};

/** Starts all three parts, or none of them. */
export async function startLocalGateway(options: LocalGatewayOptions): Promise<Outcome<LocalGateway>> {
  const report = options.onProgress ?? (() => undefined);
  const files: AgentFiles = { ...options, root: join(options.folder, 'root') };
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  const started = await start(files, { folder: options.folder, report, closers });
  if (started.ok) return done({ ...started.value, close: closeAll });
  await closeAll();
  return started;
}

type Start = { folder: string; report: (words: string) => void; closers: (() => Promise<void>)[] };

async function start(files: AgentFiles, parts: Start): Promise<Outcome<Omit<LocalGateway, 'close'>>> {
  const { folder, report, closers } = parts;
  report('Preparing a folder for the gateway');
  const prepared = await prepareFolder(folder, files.root);
  if (!prepared.ok) return prepared;

  report('Starting the agent');
  const daemon = await startAgentDaemon(files);
  if (!daemon.ok) return daemon;
  closers.push(daemon.value.stop);

  report('Starting a next hop that takes every message');
  const sink = await startMailSink();
  if (!sink.ok) return sink;
  closers.push(sink.value.close);

  report('Starting an SSH server on 127.0.0.1');
  const server = await startLocalSshServer({ user, startRpc: (from) => spawnAgentRpc(files, from) });
  if (!server.ok) return server;
  closers.push(server.value.close);

  // Last, because another program may take it before the first push does.
  const smtpPort = await findFreeSmtpPort();
  if (!smtpPort.ok) return smtpPort;
  const keyFile = join(folder, 'user-key');
  await writeFile(keyFile, server.value.userPrivateKey, { mode: 0o600 });
  return done({
    ssh: SshAddress.parse({ host: '127.0.0.1', port: server.value.port, user, signIn: { kind: 'key', file: keyFile } }),
    hostKey: server.value.hostKey,
    smtpPort: smtpPort.value,
    sink: sink.value,
    pid: daemon.value.pid,
    ended: daemon.value.ended,
  });
}

async function prepareFolder(folder: string, root: string): Promise<Outcome<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await rm(root, { recursive: true, force: true });
    await mkdir(join(root, 'releases'), { recursive: true });
    return done(undefined);
  } catch (error) {
    return failed('storage-failed', `The folder for the local gateway cannot be written (${errorCodeOf(error)}).`);
  }
}
