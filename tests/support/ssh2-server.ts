// An SSH server in this process that shows what a client does: which sign-ins it tries, which commands it runs.
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { HostKey } from '../../gateway-agent/contract/fleet.ts';
import { createFreshKeyPair } from '../../electron/ssh/fresh-key-pair.ts';
import { readHostKey } from '../../electron/ssh/host-key.ts';

export type Ssh2ServerOptions = {
  /** Decides one sign-in; default: everything is accepted. */
  onSignIn?: (context: AuthContext) => void;
  /** Answers one exec; `input` resolves with the whole of stdin. */
  onExec?: (channel: ServerChannel, command: string, input: Promise<string>) => void;
  /** Private key of the server, for a server that must look the same twice. */
  hostPrivateKey?: string;
};

export type Ssh2Server = {
  host: '127.0.0.1';
  port: number;
  hostKey: HostKey;
  /** 'none', 'password', ... in their order. */
  signIns: string[];
  commands: string[];
  /** Handshakes begun. */
  connections(): number;
  /** Cuts every connection without a goodbye. */
  cut(): void;
  stop(): Promise<void>;
};

/** Listens on a free port of 127.0.0.1. */
export async function startSsh2Server(options: Ssh2ServerOptions = {}): Promise<Ssh2Server> {
  const privateKey = options.hostPrivateKey ?? createFreshKeyPair('test host').privateKey;
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('not one key');
  const clients = new Set<Connection>();
  const signIns: string[] = [];
  const commands: string[] = [];
  let count = 0;
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    count += 1;
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (context) => {
      signIns.push(context.method);
      if (options.onSignIn === undefined) context.accept();
      else options.onSignIn(context);
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('exec', (acceptExec, rejectExec, { command }) => {
        commands.push(command);
        if (options.onExec === undefined) return rejectExec();
        const channel = acceptExec();
        channel.on('error', () => undefined);
        options.onExec(channel, command, readAll(channel));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = () => {
    for (const client of clients) (client as unknown as { _sock: { destroy(): void } })._sock.destroy();
  };
  return {
    host: '127.0.0.1',
    port,
    hostKey: readHostKey(parsed.getPublicSSH()),
    signIns,
    commands,
    connections: () => count,
    cut,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

function readAll(channel: ServerChannel): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    channel.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    channel.on('end', () => resolve(text));
  });
}

/** Ends a channel as a command does. */
export function endChannel(channel: ServerChannel, text: string, end: { status: number; errorText?: string }): void {
  if (end.errorText !== undefined) channel.stderr.write(end.errorText);
  channel.write(text);
  channel.exit(end.status);
  channel.end();
}
