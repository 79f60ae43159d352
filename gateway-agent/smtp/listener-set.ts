// The listening sockets. What is wanted opens beside what is open; only when all of it is open may the rest close, so
// a port that is taken costs nothing. Closing a listener never touches its sessions.
import { createServer, type Server, type Socket } from 'node:net';
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
  /** Closes what was opened for this change. */
  revert(): void;
};

/** Two sockets may share a port only where the kernel spreads connections over them. */
const sharesPorts = process.platform === 'linux';

/** The errors of a host without IPv6. */
const noIpv6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

export class ListenerSet {
  #open = new Map<string, Server>();
  #onSocket: (socket: Socket) => void;

  constructor(onSocket: (socket: Socket) => void) {
    this.#onSocket = onSocket;
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
    for (const endpoint of endpoints) {
      const key = keyOf(endpoint);
      if (!this.#open.has(key)) {
        const listening = await this.#listen(endpoint);
        if ('code' in listening) {
          const isForgiven = optional.has(endpoint.address) && noIpv6.has(listening.code);
          if (isForgiven) {
            notices.push('This host has no IPv6: only IPv4 is served.');
            continue;
          }
          for (const server of opened.values()) server.close();
          return explainListenError(endpoint, listening.code);
        }
        opened.set(key, listening);
      }
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
      revert: () => {
        for (const server of opened.values()) server.close();
      },
    };
  }

  /** Stops listening; sessions go on. */
  close(): void {
    for (const server of this.#open.values()) server.close();
    this.#open.clear();
  }

  async #listen(endpoint: Endpoint): Promise<Server | { code: string }> {
    // With a shared port another program of this user could sit beside us unseen, so the port is tried alone first.
    const overlapsOurs = this.endpoints.some((ours) => ours.port === endpoint.port);
    if (sharesPorts && !overlapsOurs) {
      const alone = await startListening(createServer(), endpoint, false);
      if ('code' in alone) return alone;
      await new Promise((resolve) => alone.close(resolve));
    }
    return startListening(createServer({ noDelay: true }, this.#onSocket), endpoint, sharesPorts);
  }
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
