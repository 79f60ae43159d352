// The one wrapper around ssh2's client: the host key is checked before anything secret leaves, one way to sign in is
// tried, every wait has an end. What is asked over the connection is left to ask-agent.ts.
import type { Socket } from 'node:net';
import ssh2, { type Client } from 'ssh2';
import type { HostKey, SshAddress } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { offeredAlgorithms } from './algorithms.ts';
import { signInOptions } from './sign-in-options.ts';
import type { Credentials } from './credentials.ts';
import { readHostKey } from './host-key.ts';
import { openSocket } from './open-socket.ts';
import { networkReason } from './ssh-failure.ts';

/** Postern's own limits: a gateway across the world answers within 1 s, a sleeping one within 10 s. */
const tcpMilliseconds = 10_000;
const handshakeMilliseconds = 15_000;
/** A dead link is noticed after about 45 s without an answer. */
const keepalive = { keepaliveInterval: 15_000, keepaliveCountMax: 2 };

export type SshTarget = {
  /** How the operator calls it. */
  name: string;
  address: Pick<SshAddress, 'host' | 'port' | 'user'>;
  hostKeys: readonly HostKey[];
  credentials: Credentials;
};

export type ConnectOptions = { signal?: AbortSignal | undefined };

/** A signed-in connection. `client` is for run-command.ts alone. */
export type SshConnection = {
  readonly client: Client;
  readonly name: string;
  /** The address that answered, for the look at the SMTP port from here. */
  readonly remoteAddress: string;
  isOpen(): boolean;
  onClose(listener: () => void): void;
  close(): void;
};

/** Connects and signs in. Always a new connection; connection-pool.ts keeps them. */
export async function connectSsh(target: SshTarget, options: ConnectOptions = {}): Promise<Outcome<SshConnection>> {
  const { host, port } = target.address;
  const socket = await openSocket(host, port, { milliseconds: tcpMilliseconds, signal: options.signal });
  if (!socket.ok) return socket;
  return signIn(target, socket.value, options.signal);
}

function signIn(target: SshTarget, socket: Socket, signal: AbortSignal | undefined): Promise<Outcome<SshConnection>> {
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    let shown: HostKey | null = null;
    let isSettled = false;
    const settle = (outcome: Outcome<SshConnection>) => {
      if (isSettled) return;
      isSettled = true;
      signal?.removeEventListener('abort', cancel);
      if (!outcome.ok) socket.destroy();
      resolve(outcome);
    };
    const cancel = () => settle(failed('cancelled', `Stopped while signing in to ${target.name}.`));
    signal?.addEventListener('abort', cancel, { once: true });
    client.on('error', (error) => settle(explainFailure(target, error, shown)));
    client.on('close', () => settle(explainFailure(target, new Error('the connection was closed'), shown)));
    client.on('ready', () => settle(done(wrap(target.name, client, socket))));
    client.connect({
      sock: socket,
      username: target.address.user,
      algorithms: offeredAlgorithms(target.hostKeys),
      readyTimeout: handshakeMilliseconds,
      ...keepalive,
      hostVerifier: (blob: Buffer) => {
        shown = readHostKey(blob);
        return isPinned(target.hostKeys, shown);
      },
      ...signInOptions(client, target.credentials),
    });
    if (signal?.aborted) cancel();
  });
}

function isPinned(pinned: readonly HostKey[], shown: HostKey): boolean {
  return pinned.some((key) => key.key === shown.key);
}

function wrap(name: string, client: Client, socket: Socket): SshConnection {
  let isOpen = true;
  const listeners: (() => void)[] = [];
  client.on('close', () => {
    isOpen = false;
    for (const listener of listeners.splice(0)) listener();
  });
  return {
    client,
    name,
    remoteAddress: socket.remoteAddress ?? '',
    isOpen: () => isOpen,
    onClose: (listener) => void listeners.push(listener),
    close: () => {
      isOpen = false;
      client.end();
      // A dead link never answers the goodbye.
      setTimeout(() => socket.destroy(), 1000).unref();
    },
  };
}

/** Which door stayed shut. Anything before a verified host key and a refused sign-in is the network's. */
function explainFailure(target: SshTarget, error: Error & { level?: string }, shown: HostKey | null): Outcome<never> {
  const { host, port, user } = target.address;
  if (shown !== null && !isPinned(target.hostKeys, shown)) return refuseHostKey(target, shown);
  if (error.level === 'client-authentication') {
    return failed(
      'sign-in-failed',
      `${target.name} did not accept ${methodWords[target.credentials.kind]} for the user ${user}.`,
      'Check the user name, and that this key or password is set up on the gateway.',
    );
  }
  if (error.level === 'agent') {
    return failed('sign-in-failed', 'The ssh-agent here does not answer.', 'Start it, or choose a key file.');
  }
  if (error.level === 'handshake') {
    return failed(
      'unreachable',
      `${target.name} and Postern have no SSH algorithm in common, or the handshake broke: ${networkReason(error)}.`,
      'Postern asks for curve25519 or ECDH, and takes no SHA-1. Update the SSH server.',
    );
  }
  const reason = error.level === 'client-timeout' ? 'no answer in time' : networkReason(error);
  return failed('unreachable', `The SSH connection to ${target.name} (${host}, port ${port}) broke: ${reason}.`);
}

const methodWords = { agent: 'any key of the ssh-agent', key: 'the private key', password: 'the password' } as const;

function refuseHostKey(target: SshTarget, shown: HostKey): Outcome<never> {
  if (target.hostKeys.length === 0) {
    return failed(
      'host-key-unknown',
      `${target.name} shows the ${shown.type} host key ${shown.fingerprint}, which is not known yet.`,
      'Compare it with the one on the gateway: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    );
  }
  const known = target.hostKeys.map((key) => `${key.fingerprint} (${key.type})`).join(', ');
  return failed(
    'host-key-changed',
    `The host key of ${target.name} changed: known is ${known}, shown was ${shown.fingerprint} (${shown.type}). ` +
      'Nothing secret was sent.',
    'If the gateway was set up anew, compare the new fingerprint there, then enrol it again.',
  );
}
