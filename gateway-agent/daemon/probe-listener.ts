// The daemon's look at its own listeners, as a client would see them: banner, EHLO, STARTTLS, certificate. The local end
// of a probe is registered before it connects, so that a deny-all or a full listener can be proved too.
import { randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { GatewayProof, ListenerProof } from '#contract/replies';
import { HopDialogue } from '../delivery/hop-dialogue.ts';
import type { Endpoint } from '../smtp/listener-set.ts';

/** What a probe should find: the fingerprint where STARTTLS is offered, else null. */
export type Expected = { fingerprint: string | null };

/** A listener of our own answers within milliseconds; a loaded machine gets this long. Postern's own number. */
const probeMilliseconds = 10_000;

/** Ports that no listener of ours uses as a client: the range of RFC 6335 §6. */
const ephemeral = { from: 49_152, to: 65_536 };
const maxPortTries = 20;

/** Runs probes and knows which connections are its own. */
export class SelfProbe {
  readonly #registered = new Set<string>();

  /** Is this peer one of our probes under way? */
  isOwn(address: string, port: number): boolean {
    return this.#registered.has(keyOf(address.replace(/^::ffff:/i, ''), port));
  }

  /** Proves all listeners at once. `failed` as soon as one does not show what it should. */
  async prove(endpoints: readonly Endpoint[], expected: Expected): Promise<GatewayProof> {
    if (endpoints.length === 0) return { result: 'not-possible', reason: 'Nothing is listened on.', listeners: [] };
    const listeners = await Promise.all(endpoints.map((endpoint) => this.#proveOne(endpoint, expected)));
    const failures = listeners.filter(({ result }) => result === 'failed');
    if (failures.length === 0) return { result: 'proved', listeners };
    const reason = failures.map(({ address, port, problem }) => `${address} port ${port}: ${problem}`).join('; ');
    return { result: 'failed', reason, listeners };
  }

  async #proveOne({ address, port }: Endpoint, expected: Expected): Promise<ListenerProof> {
    const started = performance.now();
    const reached = await this.#connect(reachableAddress(address), port);
    const seen = 'problem' in reached ? reached : await look(reached.socket, expected);
    if (!('problem' in reached)) this.#registered.delete(reached.key);
    const milliseconds = Math.round(performance.now() - started);
    return { address, port, result: 'problem' in seen ? 'failed' : 'proved', ...seen, milliseconds };
  }

  async #connect(host: string, port: number): Promise<{ socket: Socket; key: string } | { problem: string }> {
    let code = 'EADDRINUSE';
    for (let attempt = 0; attempt < maxPortTries && code === 'EADDRINUSE'; attempt += 1) {
      const localPort = randomInt(ephemeral.from, ephemeral.to);
      const key = keyOf(host, localPort);
      this.#registered.add(key);
      const reached = await connectFrom({ host, port, localAddress: host, localPort });
      if (typeof reached !== 'string') return { socket: reached, key };
      this.#registered.delete(key);
      code = reached;
    }
    return { problem: `no connection (${code})` };
  }
}

type Route = { host: string; port: number; localAddress: string; localPort: number };

function connectFrom(route: Route): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ ...route, noDelay: true });
    socket.setTimeout(probeMilliseconds, () => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })));
    socket.once('connect', () => {
      socket.setTimeout(0).removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

type Sight = { banner?: string; tlsVersion?: string; fingerprint?: string };

async function look(socket: Socket, expected: Expected): Promise<Sight | (Sight & { problem: string })> {
  const dialogue = new HopDialogue(socket, 'of the probe');
  try {
    const greeting = await dialogue.read(probeMilliseconds);
    if (greeting.kind === 'failure') return { problem: 'no banner' };
    const banner = `${greeting.code} ${greeting.lines.join(' ')}`;
    if (greeting.code !== 220) return { banner, problem: `greeted with ${banner}` };
    const hello = await dialogue.ask('EHLO localhost', probeMilliseconds);
    if (hello.kind === 'failure' || hello.code !== 250) return { banner, problem: 'EHLO was not answered' };
    const offersTls = hello.lines.some((line) => line.trim().toUpperCase() === 'STARTTLS');
    if (offersTls !== (expected.fingerprint !== null)) {
      return { banner, problem: offersTls ? 'STARTTLS is offered and should not be' : 'STARTTLS is not offered' };
    }
    if (expected.fingerprint === null) return { banner };
    return { banner, ...(await lookAtTls(dialogue, expected.fingerprint)) };
  } finally {
    dialogue.close();
  }
}

async function lookAtTls(dialogue: HopDialogue, expected: string): Promise<Sight & { problem?: string }> {
  const ready = await dialogue.ask('STARTTLS', probeMilliseconds);
  if (ready.kind === 'failure' || ready.code !== 220) return { problem: 'STARTTLS was refused' };
  // Whom we meet is known; which certificate it shows is compared below, whoever signed it.
  const secure = await dialogue.upgrade({ rejectUnauthorized: false, minVersion: 'TLSv1.2' }, probeMilliseconds);
  if ('kind' in secure) return { problem: secure.words };
  const fingerprint = secure.getPeerX509Certificate()?.fingerprint256 ?? 'none';
  const sight = { tlsVersion: secure.getProtocol() ?? 'unknown', fingerprint };
  return fingerprint === expected ? sight : { ...sight, problem: `serves another certificate (${fingerprint})` };
}

/** A wildcard is reached over loopback. */
function reachableAddress(address: string): string {
  return { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
}

function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}
