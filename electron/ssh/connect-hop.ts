// The one wrapper around ssh2's client: the host key is checked before anything secret leaves, one kind of sign-in is
// tried, every wait has an end. What is asked over the connection is left to ask-agent.ts, jumps to connect.ts.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import type { HostKey, SshAddress } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { offeredAlgorithms } from './algorithms.ts';
import type { Credentials } from './credentials.ts';
import { explainFailure, mayTrust } from './explain-failure.ts';
import { gatherWrites } from './gather-writes.ts';
import { readHostKey } from './host-key.ts';
import { sendInputAlong, signAtOnce, useKeyObjects } from './inside-ssh2.ts';
import { acceptedFirst, gatherKeys, rememberAccepted, wasAccepted, type OfferedKey } from './key-ring.ts';
import { openChannel } from './open-channel.ts';
import { openSocket } from './open-socket.ts';
import { offerKeys, offerPassword } from './sign-in-options.ts';

/** Postern's own limits: a gateway across the world answers within 1 s, a sleeping one within 10 s. */
const tcpMilliseconds = 10_000;
const handshakeMilliseconds = 15_000;
/** A dead link is noticed after about 45 s without an answer: two questions stay unanswered. */
const keepaliveMilliseconds = 15_000;
/** OpenSSH hangs up at MaxAuthTries, 6 unless set otherwise. */
const keysPerConnection = 5;
/** Twenty keys: an agent with more is asked to be named a key, before the server's log looks like an attack. */
const maxConnections = 4;

/** One SSH server on the way, or at its end. */
export type SshHop = {
  /** How the operator calls it. */
  name: string;
  address: Pick<SshAddress, 'host' | 'port' | 'user'>;
  hostKeys: readonly HostKey[];
  credentials: Credentials;
  /** Refused whatever else trusts them: `@revoked` of known_hosts. */
  revoked?: readonly HostKey[];
  /** Instead of Postern's own limit: ConnectTimeout of ssh_config. */
  connectMilliseconds?: number | undefined;
};

/** `jumps`: the way there, the nearest first. */
export type SshTarget = SshHop & { jumps?: readonly SshHop[] };

export type ConnectOptions = {
  signal?: AbortSignal | undefined;
  /** Between two signs of life asked for; after two without an answer the link counts as dead. */
  keepaliveMilliseconds?: number | undefined;
};

/** A signed-in connection. `client` is for the files of this folder alone. */
export type SshConnection = {
  readonly client: Client;
  readonly name: string;
  /** The address that answered, for the look at the SMTP port; behind a jump host the one that it was asked for. */
  readonly remoteAddress: string;
  isOpen(): boolean;
  /** Gives what takes the listener back: a kept connection is asked for days. */
  onClose(listener: () => void): () => void;
  close(): void;
};

/** Connects and signs in, straight or from a jump host onwards. Always a new connection. */
export async function connectHop(
  hop: SshHop,
  jump: SshConnection | null,
  options: ConnectOptions = {},
): Promise<Outcome<SshConnection>> {
  const { credentials } = hop;
  if (credentials.kind === 'password') return connectOnce(hop, jump, { ...options, keys: [], triedBefore: 0 });
  const gathered = await gatherKeys(credentials);
  if (!gathered.ok) return gathered;
  const where = JSON.stringify(hop.address);
  let left = acceptedFirst(where, gathered.value).slice(0, keysPerConnection * maxConnections);
  for (let triedBefore = 0; ;) {
    const tried: OfferedKey[] = [];
    const outcome = await connectOnce(hop, jump, {
      ...options,
      keys: left.slice(0, keysPerConnection),
      onOffer: (key) => tried.push(key),
      triedBefore,
    });
    const last = tried.at(-1);
    if (outcome.ok && last !== undefined) rememberAccepted(where, last);
    left = left.slice(tried.length);
    triedBefore += tried.length;
    const goesOn = !outcome.ok && outcome.problem.code === 'sign-in-failed' && tried.length > 1 && left.length > 0;
    if (!goesOn) return outcome;
  }
}

type OnceOptions = ConnectOptions & {
  keys: readonly OfferedKey[];
  onOffer?: (key: OfferedKey) => void;
  triedBefore: number;
};

async function connectOnce(
  hop: SshHop,
  jump: SshConnection | null,
  options: OnceOptions,
): Promise<Outcome<SshConnection>> {
  const { host, port } = hop.address;
  const wait = { milliseconds: hop.connectMilliseconds ?? tcpMilliseconds, signal: options.signal };
  const stream: Outcome<Duplex> = await (jump === null
    ? openSocket(host, port, wait)
    : openChannel(jump, { host, port }, wait));
  return stream.ok ? signIn(hop, stream.value, options) : stream;
}

function signIn(hop: SshHop, stream: Duplex, options: OnceOptions): Promise<Outcome<SshConnection>> {
  const { signal } = options;
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    let shown: HostKey | null = null;
    let triedKeys = options.triedBefore;
    let isSettled = false;
    const settle = (outcome: Outcome<SshConnection>) => {
      if (isSettled) return;
      isSettled = true;
      signal?.removeEventListener('abort', cancel);
      if (!outcome.ok) stream.destroy();
      resolve(outcome);
    };
    const fail = (error: Error) => settle(explainFailure(hop, { error, shown, triedKeys }));
    const cancel = () => settle(failed('cancelled', `Stopped while signing in to ${hop.name}.`));
    signal?.addEventListener('abort', cancel, { once: true });
    client.on('error', fail);
    client.on('close', () => fail(new Error('the connection was closed')));
    client.on('ready', () => settle(done(wrap(hop, client, stream))));
    const onOffer = (key: OfferedKey) => {
      triedKeys += 1;
      options.onOffer?.(key);
    };
    gatherWrites(stream);
    client.connect({
      sock: stream,
      username: hop.address.user,
      algorithms: offeredAlgorithms(hop.hostKeys),
      readyTimeout: handshakeMilliseconds,
      keepaliveInterval: options.keepaliveMilliseconds ?? keepaliveMilliseconds,
      keepaliveCountMax: 2,
      hostVerifier: (blob: Buffer) => {
        shown = readHostKey(blob);
        return mayTrust(hop, shown);
      },
      ...(hop.credentials.kind === 'password'
        ? offerPassword(client, hop.credentials.password)
        : offerKeys(hop.address.user, options.keys, onOffer)),
    });
    useKeyObjects(client);
    sendInputAlong(client);
    if (isSure(hop, options.keys)) signAtOnce(client);
    if (signal?.aborted) cancel();
  });
}

/** The only key, or one that this server took before: no need to ask whether it would take it. */
function isSure(hop: SshHop, keys: readonly OfferedKey[]): boolean {
  const [first] = keys;
  return first !== undefined && (keys.length === 1 || wasAccepted(JSON.stringify(hop.address), first));
}

function wrap(hop: SshHop, client: Client, stream: Duplex): SshConnection {
  let isOpen = true;
  const listeners = new Set<() => void>();
  client.on('close', () => {
    isOpen = false;
    const told = [...listeners];
    listeners.clear();
    for (const listener of told) listener();
  });
  return {
    client,
    name: hop.name,
    remoteAddress: stream instanceof Socket ? (stream.remoteAddress ?? '') : hop.address.host,
    isOpen: () => isOpen,
    onClose(listener) {
      const own = () => listener(); // the same function twice is two listeners
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close: () => {
      isOpen = false;
      client.end();
      // A dead link never answers the goodbye.
      setTimeout(() => stream.destroy(), 1000).unref();
    },
  };
}
