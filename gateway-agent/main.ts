// The daemon: one for each root folder. Serves what `current` names, answers rpc over its socket, reloads on SIGHUP and
// drains on SIGTERM.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openControlSocket } from './daemon/control-socket.ts';
import { lockDaemon } from './daemon/daemon-lock.ts';
import { GatewayDaemon, type Resolvers } from './daemon/gateway-daemon.ts';
import { parseNameserver } from './delivery/peer-policy/nameservers.ts';
import { openQueue, type Queue } from './queue/queue.ts';
import { EventLog } from './store/event-log.ts';

/** For tests: `minuteMilliseconds` shortens all minutes alike, `signal` stops the daemon as SIGTERM does. */
export type DaemonOptions = {
  root: string;
  minuteMilliseconds?: number;
  drainMilliseconds?: number;
  signal?: AbortSignal;
  resolvers?: Resolvers;
  /** `--resolver`: asked about MTA-STS and DANE instead of the system's resolvers. */
  resolver?: string | undefined;
};

const minute = 60_000;

/** Sessions in the middle of a message and deliveries under way get this long after SIGTERM; systemd kills after 90 s. */
const usualDrainMilliseconds = 30_000;
const drainStepMilliseconds = 100;

/** Of that time sessions get so much; the rest is for deliveries that have begun. */
const sessionShare = 0.7;

/** Folders that the daemon writes; `run` is open to the group, where rpc is a member. */
const ownFolders = { queue: 0o700, events: 0o700, run: 0o750 };

/** Runs until it is told to stop. Exit status 1: another daemon serves this folder, or the folder is not writable. */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { root, minuteMilliseconds = minute } = options;
  const stopped = waitForStop(options.signal);
  try {
    for (const [name, mode] of Object.entries(ownFolders)) await mkdir(join(root, name), { recursive: true, mode });
    const unlock = await lockDaemon(root);
    if (!unlock) return complain(`Another daemon serves ${root}.`);
    const log = new EventLog(root);
    await log.open();
    const queue = openQueue({ folder: join(root, 'queue'), now: Date.now, report: (event) => log.record(event) });
    if (!queue.ok) return complain(`The mail queue cannot be opened. ${queue.problem.message}`);
    const resolvers = { ...options.resolvers, ...nameserverOf(options.resolver) };
    const daemon = new GatewayDaemon({ root, minuteMilliseconds, log, queue: queue.value, resolvers });
    const socket = await openControlSocket(root, daemon);
    const onHangUp = () => void reload(daemon);
    process.on('SIGHUP', onHangUp);
    const started = await daemon.control.start();
    if (!started.ok) complain(started.problem.message);
    await stopped;
    process.off('SIGHUP', onHangUp);
    await socket.close();
    await drain(daemon, queue.value, options.drainMilliseconds ?? usualDrainMilliseconds);
    unlock();
    return 0;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
}

function nameserverOf(resolver: string | undefined): Resolvers {
  const nameserver = resolver === undefined ? null : parseNameserver(resolver);
  return nameserver === null ? {} : { nameserver };
}

async function reload(daemon: GatewayDaemon): Promise<void> {
  const reloaded = await daemon.control.reload();
  if (!reloaded.ok) complain(reloaded.problem.message);
}

/** What was begun is finished, as far as the time goes; what was not is with its client or in the queue. */
async function drain(daemon: GatewayDaemon, queue: Queue, drainMilliseconds: number): Promise<void> {
  daemon.drain();
  const deadline = performance.now() + drainMilliseconds;
  const lastWord = performance.now() + drainMilliseconds * sessionShare;
  while (daemon.server.connections.size > 0 && performance.now() < lastWord) {
    await delay(drainStepMilliseconds);
    daemon.server.dismiss(false);
  }
  daemon.server.dismiss(true);
  await delay(drainStepMilliseconds); // the last words are on their way
  daemon.server.destroy();
  const timer = setTimeout(() => daemon.delivery.abort(), Math.max(0, deadline - performance.now()));
  await daemon.delivery.stop();
  clearTimeout(timer);
  const closed = await queue.close();
  if (!closed.ok) complain(closed.problem.message);
  await daemon.log.flush();
}

function waitForStop(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const names = ['SIGTERM', 'SIGINT'] as const;
    const stop = () => {
      for (const name of names) process.off(name, stop);
      resolve();
    };
    for (const name of names) process.on(name, stop);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
  });
}

function complain(message: string): number {
  process.stderr.write(`gateway-agent daemon: ${message}\n`);
  return 1;
}
