// The whole way to a server: jump host after jump host, each verified by its own keys and signed in to on its own. A
// failure says at which hop.
import { done, type Outcome } from '#contract/outcome';
import { connectHop, type ConnectOptions, type SshConnection, type SshHop, type SshTarget } from './connect-hop.ts';

export type { ConnectOptions, SshConnection, SshHop, SshTarget } from './connect-hop.ts';

/** Connects through all jumps; closing the connection closes them too. The pool shares them instead. */
export async function connectSsh(target: SshTarget, options: ConnectOptions = {}): Promise<Outcome<SshConnection>> {
  const { jumps = [] } = target;
  const way = await connectJumps(jumps, options);
  if (!way.ok) return way;
  const last = way.value.at(-1) ?? null;
  const closeWay = () => {
    for (const jump of way.value.toReversed()) jump.close();
  };
  const connection = await connectBehind(target, last, options);
  if (connection.ok) connection.value.onClose(closeWay);
  else closeWay();
  return connection;
}

/** All jumps, the nearest first. */
export async function connectJumps(
  jumps: readonly SshHop[],
  options: ConnectOptions,
): Promise<Outcome<SshConnection[]>> {
  const way: SshConnection[] = [];
  for (const index of jumps.keys()) {
    const jump = await connectJump(jumps.slice(0, index + 1), way.at(-1) ?? null, { ...options, of: jumps.length });
    if (!jump.ok) {
      for (const before of way.toReversed()) before.close();
      return jump;
    }
    way.push(jump.value);
  }
  return done(way);
}

/** The last jump of a way, over the one before it. `of`: how many there are in all. */
export async function connectJump(
  way: readonly SshHop[],
  before: SshConnection | null,
  options: ConnectOptions & { of?: number },
): Promise<Outcome<SshConnection>> {
  const jump = way.at(-1);
  if (jump === undefined) throw new Error('a way without a hop');
  const where = `jump host ${jump.name} (hop ${way.length} of ${options.of ?? way.length})`;
  const connection = await connectHop(jump, before, options);
  // What it later says of itself names the hop, too.
  return connection.ok ? done({ ...connection.value, name: where }) : atHop(connection, where);
}

/** The server itself, over the last jump. */
export async function connectBehind(
  target: SshTarget,
  last: SshConnection | null,
  options: ConnectOptions,
): Promise<Outcome<SshConnection>> {
  const connection = await connectHop(target, last, options);
  if (connection.ok || last === null || last.isOpen()) return connection;
  return connection.problem.message.startsWith(last.name) ? connection : atHop(connection, last.name);
}

function atHop({ problem }: Extract<Outcome<never>, { ok: false }>, where: string): Outcome<never> {
  return { ok: false, problem: { ...problem, message: `${where}: ${problem.message}` } };
}
