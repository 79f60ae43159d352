// Kept connections, one for each gateway: most of a connection's cost is sshd forking. A changed address, key or
// sign-in makes a new one; an unused one is closed; a dead one is noticed and dropped.
import type { Outcome } from '#contract/outcome';
import { connectSsh, type ConnectOptions, type SshConnection, type SshTarget } from './connect.ts';

/** Longer than the refresh of a fleet table, shorter than most firewalls forget a flow. */
const idleMilliseconds = 120_000;

type Kept = { fingerprint: string; connecting: Promise<Outcome<SshConnection>>; idle: NodeJS.Timeout | null };

export type ConnectionPool = {
  /** The kept connection, or a new one that is kept. */
  acquire(target: SshTarget, options?: ConnectOptions): Promise<Outcome<SshConnection>>;
  /** The next acquire connects anew. */
  forget(name: string): void;
  close(): void;
};

/** Starts with none. */
export function createConnectionPool(connect: typeof connectSsh = connectSsh): ConnectionPool {
  const kept = new Map<string, Kept>();

  const drop = (name: string, entry: Kept) => {
    if (entry.idle !== null) clearTimeout(entry.idle);
    if (kept.get(name) === entry) kept.delete(name);
    void entry.connecting.then((connection) => connection.ok && connection.value.close());
  };

  const touch = (name: string, entry: Kept) => {
    if (entry.idle !== null) clearTimeout(entry.idle);
    entry.idle = setTimeout(() => drop(name, entry), idleMilliseconds);
    entry.idle.unref();
  };

  return {
    async acquire(target, options = {}) {
      const fingerprint = JSON.stringify([target.address, target.hostKeys, target.credentials]);
      const before = kept.get(target.name);
      if (before !== undefined && before.fingerprint !== fingerprint) drop(target.name, before);
      let entry = kept.get(target.name);
      if (entry === undefined || !(await isUsable(entry))) {
        entry = { fingerprint, connecting: connect(target, options), idle: null };
        kept.set(target.name, entry);
      }
      touch(target.name, entry);
      const connection = await entry.connecting;
      if (!connection.ok) drop(target.name, entry);
      else connection.value.onClose(() => drop(target.name, entry));
      return connection;
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
