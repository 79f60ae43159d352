// Kept connections, one for each gateway and one for each jump host that they share: most of a connection's cost is
// sshd forking. A changed address, key or sign-in makes a new one; an unused one is closed; a dead one is noticed and
// dropped.
import type { Duplex } from 'node:stream';
import { done, failed, type Outcome } from '#contract/outcome';
import {
  connectBehind,
  connectJump,
  type ConnectOptions,
  type SshConnection,
  type SshHop,
  type SshTarget,
} from './connect.ts';
import { openChannel, type ChannelOptions } from './open-channel.ts';

/** Longer than the refresh of a fleet table, shorter than most firewalls forget a flow. */
const idleMilliseconds = 120_000;

type Kept = {
  fingerprint: string;
  connecting: Promise<Outcome<SshConnection>>;
  idle: NodeJS.Timeout | null;
  /** Connections that run through it. */
  users: number;
};

export type ConnectionPool = {
  /** The kept connection, or a new one that is kept. */
  acquire(target: SshTarget, options?: ConnectOptions): Promise<Outcome<SshConnection>>;
  /** A connection of its own, closed by the caller; jump hosts on the way are shared. */
  connectAnew(target: SshTarget, options?: ConnectOptions): Promise<Outcome<SshConnection>>;
  /** The kept connection to the last jump host of a way. */
  acquireJump(jumps: readonly SshHop[], options?: ConnectOptions): Promise<Outcome<SshConnection>>;
  /** From the last jump host onwards. */
  openBehind(
    jumps: readonly SshHop[],
    at: { host: string; port: number },
    options: ChannelOptions,
  ): Promise<Outcome<Duplex>>;
  /** The next acquire connects anew. */
  forget(name: string): void;
  close(): void;
};

/** Starts with none. `over`: what counts for every connection, such as the keepalive. */
export function createConnectionPool(over: Pick<ConnectOptions, 'keepaliveMilliseconds'> = {}): ConnectionPool {
  const gateways = createKeeper();
  const jumpHosts = createKeeper();

  const acquireJump: ConnectionPool['acquireJump'] = (jumps, options = {}) => {
    const fingerprint = JSON.stringify(jumps);
    const shared = jumpHosts.keep(fingerprint, fingerprint, async () => {
      const before = jumps.slice(0, -1);
      const last = before.length === 0 ? done(null) : await acquireJump(before);
      if (!last.ok) return last;
      const connection = await connectJump(jumps, last.value, { ...over, of: jumps.length });
      if (connection.ok && last.value !== null) jumpHosts.use(JSON.stringify(before), connection.value);
      return connection;
    });
    return orStopped(shared, options.signal); // others wait for the same connection
  };

  const connectAnew: ConnectionPool['connectAnew'] = async (target, options = {}) => {
    const { jumps = [] } = target;
    const last = jumps.length === 0 ? done(null) : await acquireJump(jumps, options);
    if (!last.ok) return last;
    const connection = await connectBehind(target, last.value, { ...over, ...options });
    if (connection.ok && last.value !== null) jumpHosts.use(JSON.stringify(jumps), connection.value);
    return connection;
  };

  return {
    acquire: (target, options) =>
      gateways.keep(target.name, JSON.stringify(target), () => connectAnew(target, options)),
    connectAnew,
    acquireJump,
    async openBehind(jumps, at, options) {
      const last = await acquireJump(jumps, options);
      return last.ok ? openChannel(last.value, at, options) : last;
    },
    forget: (name) => gateways.forget(name),
    close() {
      gateways.close();
      jumpHosts.close();
    },
  };
}

type Connect = () => Promise<Outcome<SshConnection>>;

type Keeper = {
  keep(name: string, fingerprint: string, connect: Connect): Promise<Outcome<SshConnection>>;
  /** As long as `user` is open, the kept connection of this name is not idle. */
  use(name: string, user: SshConnection): void;
  forget(name: string): void;
  close(): void;
};

function createKeeper(): Keeper {
  const kept = new Map<string, Kept>();

  const drop = (name: string, entry: Kept) => {
    if (entry.idle !== null) clearTimeout(entry.idle);
    if (kept.get(name) === entry) kept.delete(name);
    void entry.connecting.then((connection) => connection.ok && connection.value.close());
  };

  const touch = (name: string, entry: Kept) => {
    if (entry.idle !== null) clearTimeout(entry.idle);
    entry.idle = setTimeout(() => (entry.users > 0 ? touch(name, entry) : drop(name, entry)), idleMilliseconds);
    entry.idle.unref();
  };

  const begin = (name: string, fingerprint: string, connect: Connect): Kept => {
    const entry = { fingerprint, connecting: connect(), idle: null, users: 0 };
    void entry.connecting.then((made) => made.ok && made.value.onClose(() => drop(name, entry)));
    return entry;
  };

  return {
    async keep(name, fingerprint, connect) {
      const before = kept.get(name);
      if (before !== undefined && before.fingerprint !== fingerprint) drop(name, before);
      let entry = kept.get(name);
      if (entry === undefined || !(await isUsable(entry))) {
        // Somebody else may have found it dead in the same moment.
        const other = kept.get(name);
        entry = other === undefined || other === entry ? begin(name, fingerprint, connect) : other;
        kept.set(name, entry);
      }
      touch(name, entry);
      const connection = await entry.connecting;
      if (!connection.ok) drop(name, entry);
      return connection;
    },
    use(name, user) {
      const entry = kept.get(name);
      if (entry === undefined) return;
      entry.users += 1;
      user.onClose(() => {
        entry.users -= 1;
        if (kept.get(name) === entry) touch(name, entry);
      });
    },
    forget(name) {
      const entry = kept.get(name);
      if (entry !== undefined) drop(name, entry);
    },
    close() {
      for (const [name, entry] of kept) drop(name, entry);
    },
  };
}

async function isUsable(entry: Kept): Promise<boolean> {
  const connection = await entry.connecting;
  return connection.ok && connection.value.isOpen();
}

async function orStopped<T>(work: Promise<Outcome<T>>, signal: AbortSignal | undefined): Promise<Outcome<T>> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const stopped = new Promise<Outcome<T>>((resolve) => {
    stop = () => resolve(failed('cancelled', 'Stopped while connecting to a jump host.'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
