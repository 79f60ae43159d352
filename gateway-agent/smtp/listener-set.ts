// The listening sockets. What is wanted opens beside what is open; only when all of it is open may the rest close, so
// a port that is taken costs nothing. Closing a listener never touches its sessions.
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { done, failed, type Outcome } from '#contract/outcome';
import type { SmtpInterface } from '#contract/config';

/** One listening socket. */
export type Endpoint = { address: string; port: number };

/** New listeners are open beside the old ones; exactly one of the two calls follows. */
export type PreparedChange = {
  listensOn: Endpoint[];
  notices: string[];
  /** Closes what is no longer wanted. */
  commit(): void;
  /** Closes what was opened for this change; what had to make room for it comes back. */
  revert(): Promise<void>;
};

/** Two sockets may share a port only where the kernel spreads connections over them (Node documents which). */
const kernelSharesPorts = process.platform === 'linux';

/** The errors of a host without IPv6. */
const noIpv6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);
const onlyIpv4 = 'This host has no IPv6: only IPv4 is served.';

/** All listeners of the daemon. */
export class ListenerSet {
  readonly #open = new Map<string, Server>();
  readonly #onSocket: (socket: Socket) => void;
  readonly #sharesPorts: boolean;
  /** Our own listeners that had to make room for the change under way. */
  #displaced: Endpoint[] = [];

  constructor(onSocket: (socket: Socket) => void, sharesPorts = kernelSharesPorts) {
    this.#onSocket = onSocket;
    this.#sharesPorts = sharesPorts;
  }

  get endpoints(): Endpoint[] {
    return [...this.#open.keys()].map(parseKey);
  }

  /** Opens everything this interface asks for and that is not open yet. On failure nothing has changed. */
  async prepare(wanted: SmtpInterface): Promise<Outcome<PreparedChange>> {
    const { endpoints, optional } = endpointsOf(wanted);
    const opened = new Map<string, Server>();
    const listensOn: Endpoint[] = [];
    const notices: string[] = [];
    this.#displaced = [];
    for (const endpoint of endpoints) {
      const key = keyOf(endpoint);
      const isOptional = optional.has(endpoint.address);
      const listening = this.#open.has(key) ? null : await this.#listen(endpoint, isOptional);
      if (listening && 'code' in listening) {
        if (!isOptional || !noIpv6.has(listening.code)) {
          await this.#takeBack(opened);
          return explainListenError(endpoint, listening.code);
        }
        notices.push(onlyIpv4);
        continue;
      }
      if (listening) opened.set(key, listening);
      listensOn.push(endpoint);
    }
    return done(this.#change(opened, listensOn, notices));
  }

  #change(opened: Map<string, Server>, listensOn: Endpoint[], notices: string[]): PreparedChange {
    return {
      listensOn,
      notices,
      commit: () => {
        const wanted = new Set(listensOn.map(keyOf));
        for (const [key, server] of opened) this.#open.set(key, server);
        for (const [key, server] of this.#open) {
          if (wanted.has(key)) continue;
          server.close();
          this.#open.delete(key);
        }
      },
      revert: () => this.#takeBack(opened),
    };
  }

  async #takeBack(opened: Map<string, Server>): Promise<void> {
    for (const server of opened.values()) server.close();
    for (const endpoint of this.#displaced.splice(0)) {
      const listening = await this.#start(endpoint);
      if (!('code' in listening)) this.#open.set(keyOf(endpoint), listening);
    }
  }

  /** Stops listening; sessions go on. */
  close(): void {
    for (const server of this.#open.values()) server.close();
    this.#open.clear();
  }

  async #listen(endpoint: Endpoint, isOptional: boolean): Promise<Server | { code: string }> {
    // A system with IPv6 switched off may still bind `::`, where nobody, our own probe included, could ever connect.
    if (isOptional && !hasIpv6()) return { code: 'EAFNOSUPPORT' };
    const inTheWay = this.endpoints.filter((ours) => ours.port === endpoint.port);
    // With a shared port another program of this user could sit beside us unseen, so the port is tried alone first.
    if (this.#sharesPorts && inTheWay.length === 0) {
      const alone = await startListening(
        createServer((socket) => socket.destroy()),
        endpoint,
        false,
      );
      if ('code' in alone) return alone;
      alone.close();
    }
    const listening = await this.#start(endpoint);
    const isTaken = 'code' in listening && listening.code === 'EADDRINUSE';
    if (!isTaken || this.#sharesPorts || inTheWay.length === 0) return listening;
    for (const ours of inTheWay) this.#open.get(keyOf(ours))?.close();
    for (const ours of inTheWay) this.#open.delete(keyOf(ours));
    this.#displaced.push(...inTheWay);
    return this.#start(endpoint);
  }

  #start(endpoint: Endpoint): Promise<Server | { code: string }> {
    return startListening(createServer({ noDelay: true }, this.#onSocket), endpoint, this.#sharesPorts);
  }
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ family }) => family === 'IPv6'));
}

function startListening(server: Server, endpoint: Endpoint, reusePort: boolean): Promise<Server | { code: string }> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? 'EUNKNOWN' }));
    const isIpv6 = endpoint.address.includes(':');
    server.listen({ host: endpoint.address, port: endpoint.port, ipv6Only: isIpv6, reusePort, exclusive: true }, () => {
      server.on('error', () => undefined); // a failed accept (no descriptors left) must not end the daemon
      resolve(server);
    });
  });
}

/** IPv6 beside IPv4 is optional for the two general choices; a selected address is not. */
function endpointsOf({ listenOn, port }: SmtpInterface): { endpoints: Endpoint[]; optional: Set<string> } {
  const general = { loopback: ['127.0.0.1', '::1'], all: ['0.0.0.0', '::'] };
  const addresses = listenOn.kind === 'selected' ? [...new Set(listenOn.addresses)] : general[listenOn.kind];
  return {
    endpoints: addresses.map((address) => ({ address, port })),
    optional: new Set(listenOn.kind === 'selected' ? [] : ['::1', '::']),
  };
}

function explainListenError({ address, port }: Endpoint, code: string) {
  switch (code) {
    case 'EADDRINUSE':
      return failed(
        'port-taken',
        `Port ${port} on ${address} is taken by another program.`,
        'Stop it or choose another port.',
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return failed('address-missing', `This gateway has no address ${address}.`, 'Choose one of its own addresses.');
    case 'EACCES':
      return failed(
        'port-taken',
        `The agent may not open port ${port} (no right to bind a low port).`,
        'Grant CAP_NET_BIND_SERVICE or choose a port from 1024 up.',
      );
    default:
      return failed('port-taken', `Port ${port} on ${address} cannot be opened (${code}).`);
  }
}

function keyOf({ address, port }: Endpoint): string {
  return `${port} ${address}`;
}

function parseKey(key: string): Endpoint {
  const [port, address] = key.split(' ');
  return { address: address ?? '', port: Number(port) };
}
