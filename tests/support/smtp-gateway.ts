// A real gateway on loopback with a root folder of its own, pushed to as rpc would. The daemon runs in this process,
// which is quick, or in a child process, for tests that signal or kill it.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Served, type DaemonQuestion } from '../../gateway-agent/contract/daemon.ts';
import type { Resolvers } from '../../gateway-agent/daemon/gateway-daemon.ts';
import { QueueReply, StatusReply, type Answer, type PushRecord } from '../../gateway-agent/contract/replies.ts';
import type { QueueTask } from '../../gateway-agent/contract/requests.ts';
import { runDaemon } from '../../gateway-agent/main.ts';
import { writeCurrent, writePending } from '../../gateway-agent/store/current.ts';
import { connectDaemon, type DaemonConnection } from '../../gateway-agent/store/daemon-client.ts';
import { storeRelease } from '../../gateway-agent/store/release-store.ts';
import { findFreePort } from './free-port.ts';
import { buildRelease, type GatewayWish } from './smtp-release.ts';

const entry = fileURLToPath(new URL('./smtp-daemon-process.ts', import.meta.url));

/** A network of its own with IPv6 switched off; only the control socket leads in. A user namespace makes it possible for all. */
const switchIpv6Off = 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; ip link set lo up; exec "$@"';
const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
const unshared = ['unshare', '--net', ...asRoot, 'sh', '-c', switchIpv6Off, 'sh'];

type Start = GatewayWish & {
  minuteMilliseconds?: number;
  asProcess?: boolean;
  withoutIpv6?: boolean;
  /** Only without a process of its own. */
  resolvers?: Resolvers;
  /** Where the root folder is made; elsewhere than with all temporary files. */
  parentFolder?: string;
  /** Words in front of the daemon's command line: `strace -o FILE`. */
  runUnder?: string[];
};

type RunningDaemon = { pid?: number | undefined; ended: Promise<number | null>; signal(name: NodeJS.Signals): void };

/** A running gateway. `close` ends it and removes its folder. */
export class TestGateway {
  readonly root: string;
  port: number;
  #wish: Start;
  #daemon: RunningDaemon | null = null;
  errors = '';

  constructor(root: string, port: number, wish: Start) {
    this.root = root;
    this.port = port;
    this.#wish = wish;
  }

  /** Starts the daemon and waits until rpc could reach it and it serves what it should. */
  async start(): Promise<void> {
    this.#daemon = this.#wish.asProcess || this.#wish.withoutIpv6 ? this.#spawn() : this.#run();
    const daemon = this.#daemon;
    let hasEnded = false;
    void daemon.ended.then(() => (hasEnded = true));
    const deadline = performance.now() + 60_000; // a machine with a load of 40 takes longer than 15 s to start a process
    while (performance.now() < deadline && !hasEnded) {
      const connection = await connectDaemon(this.root);
      if (connection.ok) {
        const status = await connection.value.ask({ ask: 'status' });
        connection.value.close();
        const parsed = StatusReply.parse(status.ok ? status.value : null);
        if (parsed.runningRevision === parsed.currentRevision) return;
      }
      await delay(10);
    }
    throw new Error(`The daemon did not come up: ${this.errors}`);
  }

  #spawn(): RunningDaemon {
    const minute = String(this.#wish.minuteMilliseconds ?? 60_000);
    const command = [...(this.#wish.runUnder ?? []), process.execPath, entry, this.root, minute];
    const [program = '', ...args] = this.#wish.withoutIpv6 ? [...unshared, ...command] : command;
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    const ended = once(child, 'exit').then(() => child.exitCode);
    return { pid: child.pid, ended, signal: (name) => void child.kill(name) };
  }

  #run(): RunningDaemon {
    const stop = new AbortController();
    const resolvers = this.#wish.resolvers === undefined ? {} : { resolvers: this.#wish.resolvers };
    const minuteMilliseconds = this.#wish.minuteMilliseconds ?? 60_000;
    const ended = runDaemon({
      root: this.root,
      minuteMilliseconds,
      drainMilliseconds: 100,
      signal: stop.signal,
      ...resolvers,
    });
    return { ended, signal: () => stop.abort() };
  }

  /** A connection as rpc has one. */
  async connect(): Promise<DaemonConnection> {
    const daemon = await connectDaemon(this.root);
    if (!daemon.ok) throw new Error(daemon.problem.message);
    return daemon.value;
  }

  async ask(question: DaemonQuestion): Promise<Answer<unknown>> {
    const daemon = await this.connect();
    const answer = await daemon.ask(question);
    daemon.close();
    return answer;
  }

  async status(pushId?: string): Promise<StatusReply> {
    const answer = await this.ask(pushId === undefined ? { ask: 'status' } : { ask: 'status', pushId });
    return StatusReply.parse(answer.ok ? answer.value : null);
  }

  /** Stores the changed release and has it served as a candidate; gives what rpc would hear. */
  async apply(
    changes: GatewayWish,
    seconds = 60,
  ): Promise<{ pushId: string; revision: string; answer: Answer<Served> }> {
    const release = buildRelease({ ...this.#wish, ...changes, port: changes.port ?? this.port });
    const pushId = randomUUID();
    await storeRelease(this.root, release, 'tester');
    const now = new Date();
    const deadline = new Date(now.getTime() + seconds * 1000).toISOString();
    await writePending(this.root, {
      revision: release.revision,
      pushId,
      author: 'tester',
      at: now.toISOString(),
      deadline,
    });
    const daemon = await this.connect();
    const lease = await daemon.ask({ ask: 'lease', pushId, author: 'tester' });
    const question = { ask: 'serve-candidate', pushId, revision: release.revision, author: 'tester' } as const;
    const answer = lease.ok ? await daemon.ask({ ...question, confirmWithinSeconds: seconds }) : lease;
    daemon.close();
    return {
      pushId,
      revision: release.revision,
      answer: answer.ok ? { ok: true, value: Served.parse(answer.value) } : answer,
    };
  }

  /** Applies and confirms; throws when the gateway refuses. */
  async push(changes: GatewayWish): Promise<Served> {
    const { pushId, revision, answer } = await this.apply(changes);
    if (!answer.ok) throw new Error(answer.problem.message);
    const daemon = await this.connect();
    await daemon.ask({ ask: 'hold', pushId, revision });
    await writeCurrent(this.root, revision);
    const obeyed = await daemon.ask({ ask: 'obey' });
    daemon.close();
    if (!obeyed.ok) throw new Error(obeyed.problem.message);
    this.#wish = { ...this.#wish, ...changes };
    this.port = changes.port ?? this.port;
    return answer.value;
  }

  /** Everything in the event log so far. */
  async events(): Promise<Record<string, unknown>[]> {
    const folder = join(this.root, 'events');
    const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    return texts
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits for an event that fits. */
  async waitForEvent(fits: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    const deadline = performance.now() + 20_000;
    while (performance.now() < deadline) {
      const found = (await this.events()).find(fits);
      if (found) return found;
      await delay(20);
    }
    throw new Error('No such event was logged.');
  }

  /** One task for the queue, as an operator gives it. */
  async queue(task: QueueTask): Promise<QueueReply> {
    const answer = await this.ask({ ask: 'queue', task });
    if (!answer.ok) throw new Error(answer.problem.message);
    return QueueReply.parse(answer.value);
  }

  /** Messages that wait. */
  async queued(): Promise<QueueReply['entries']> {
    return (await this.queue({ kind: 'list', limit: 1000 })).entries;
  }

  /** Waits until nothing is queued any more. */
  async drained(milliseconds = 20_000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while ((await this.status()).queue?.messages !== 0) {
      if (performance.now() > deadline) throw new Error(`Still queued: ${JSON.stringify(await this.queued())}`);
      await delay(10);
    }
  }

  async outcomeOf(pushId: string): Promise<PushRecord | null> {
    return (await this.status(pushId)).push;
  }

  /** The resident memory of a daemon in its own process. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#daemon?.pid ?? 'self'}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  signal(name: NodeJS.Signals): void {
    this.#daemon?.signal(name);
  }

  /** The exit status, once the daemon has ended by itself; null when a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#daemon?.ended ?? Promise.resolve(null);
  }

  /** Ends the daemon and gives its exit status. */
  async stop(name: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(name);
    return this.ended;
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.root, { recursive: true, force: true });
  }
}

/** An empty root folder with no daemon yet and nothing confirmed. */
export async function prepareGateway(wish: Start = {}): Promise<TestGateway> {
  const root = await mkdtemp(join(wish.parentFolder ?? tmpdir(), 'postern-smtp-'));
  await mkdir(join(root, 'releases'));
  return new TestGateway(root, wish.port ?? (await findFreePort()), wish);
}

/** A gateway that serves the wish. */
export async function startGateway(wish: Start = {}): Promise<TestGateway> {
  const gateway = await prepareGateway(wish);
  const release = buildRelease({ ...wish, port: gateway.port });
  const stored = await storeRelease(gateway.root, release, 'tester');
  if (!stored.ok) throw new Error(stored.problem.message);
  await writeCurrent(gateway.root, release.revision);
  try {
    await gateway.start();
  } catch (error) {
    await gateway.close();
    throw error;
  }
  return gateway;
}
