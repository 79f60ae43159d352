// An SSH server on loopback that does one thing: `gateway-agent rpc`, for one key. It stands where sshd with a
// restricted management key stands on a real gateway.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from 'ssh2';
import { done, failed, type Outcome } from '#contract/outcome';
import type { HostKey } from '#contract/fleet';
import { agentCommand } from '../ssh/agent-command.ts';
import { offeredAlgorithms } from '../ssh/algorithms.ts';
import { readHostKey } from '../ssh/host-key.ts';
import { errorCodeOf } from '../ssh/ssh-failure.ts';
import { createFreshKeyPair } from '../ssh/fresh-key-pair.ts';

export type LocalSshServer = {
  port: number;
  hostKey: HostKey;
  /** OpenSSH form, not encrypted: it opens nothing but this server, which dies with this program. */
  userPrivateKey: string;
  close: () => Promise<void>;
};

export type LocalSshOptions = { user: string; startRpc: (sshConnection: string) => ChildProcessWithoutNullStreams };

/** Listens on 127.0.0.1 and any free port, with a fresh host key and a fresh user key. */
export async function startLocalSshServer({ user, startRpc }: LocalSshOptions): Promise<Outcome<LocalSshServer>> {
  const hostPair = createFreshKeyPair('postern local host');
  const userPair = createFreshKeyPair('postern local gateway');
  const clients = new Set<Connection>();
  const { serverHostKey: _, ...algorithms } = offeredAlgorithms([]);
  const server = new ssh2.Server({ hostKeys: [hostPair.privateKey], algorithms }, (client, { ip, port }) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => undefined); // a port scan must not end this program
    client.on('authentication', (context) => checkKey(context, user, userPair.publicKey));
    client.on('session', (accept) => serveSession(accept(), () => startRpc(`${ip} ${port} 127.0.0.1 ${listening()}`)));
    client.on('request', (_accept, reject) => reject?.()); // no forwarding
  });
  const listening = () => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const problem = await new Promise<Error | null>((resolve) => {
    server.once('error', resolve);
    server.listen(0, '127.0.0.1', () => resolve(null));
  });
  if (problem !== null) {
    return failed('internal', `No SSH server on this computer: listening failed (${errorCodeOf(problem)}).`);
  }
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const client of clients) client.end();
    });
  const hostKey = readHostKey(blobOf(hostPair.publicKey));
  return done({ port: listening(), hostKey, userPrivateKey: userPair.privateKey, close });
}

/** 'ssh-ed25519 AAAA… comment' */
function blobOf(publicKey: string): Buffer {
  return Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
}

function checkKey(context: AuthContext, user: string, publicKey: string): void {
  if (context.method !== 'publickey' || context.username !== user) return context.reject(['publickey']);
  if (!context.key.data.equals(blobOf(publicKey))) return context.reject(['publickey']);
  // Without a signature the client only asks whether this key would do.
  if (context.signature === undefined || context.blob === undefined) return context.accept();
  const parsed = ssh2.utils.parseKey(publicKey);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error) return context.reject();
  if (key.verify(context.blob, context.signature, context.hashAlgo) === true) context.accept();
  else context.reject(['publickey']);
}

function serveSession(session: Session, startRpc: () => ChildProcessWithoutNullStreams): void {
  session.on('exec', (accept, reject, { command }) => {
    if (command !== agentCommand) return reject();
    connectStreams(accept(), startRpc());
  });
  // Everything else (shell, sftp, pty, env, forwarding) has no listener, and ssh2 refuses it.
}

function connectStreams(channel: ServerChannel, child: ChildProcessWithoutNullStreams): void {
  channel.on('error', () => undefined); // the client may leave first; rpc finishes all the same
  child.stdin.on('error', () => undefined); // rpc may answer before it has read everything
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('error', () => {
    channel.stderr.write('gateway-agent: cannot be started\n');
    channel.exit(126);
    channel.end();
  });
  child.on('close', (status) => {
    channel.exit(status ?? 1);
    channel.end();
  });
}
