// A TCP connection to one mail server, at the first of its addresses that answers, and how the server is called in what
// operators and senders read.
import { connect, isIP, type Socket } from 'node:net';
import type { MailServer } from './find-servers.ts';
import { hopMinutes } from './hop-limits.ts';
import { hopFailure, type HopFailure } from './reply-reader.ts';

/** An open connection; `name` says where it leads. */
export type ConnectedHop = { socket: Socket; name: string };

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ECONNRESET: 'connection reset',
};

/** `mx.example.net (192.0.2.7, port 25)`. */
export function nameHop(host: string, port: number, address?: string): string {
  const where = address === undefined || address === host || isIP(host) ? '' : `${address}, `;
  return `${host} (${where}port ${port})`;
}

/** The first address that answers; otherwise why the last one did not. */
export async function connectHop(server: MailServer, minuteMilliseconds: number): Promise<ConnectedHop | HopFailure> {
  const { host, port, addresses } = server;
  let words = `The next hop ${nameHop(host, port)} has no address`;
  for (const address of addresses) {
    const name = nameHop(host, port, address);
    const socket = await connectOnce(address, port, hopMinutes.connect * minuteMilliseconds);
    if (typeof socket !== 'string') return { socket, name };
    words = `The next hop ${name} cannot be reached: ${reasons[socket] ?? socket}`;
  }
  return hopFailure('unreachable', words);
}

function connectOnce(host: string, port: number, milliseconds: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    let isOver = false;
    const finish = (outcome: Socket | string) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      if (typeof outcome === 'string') socket.destroy();
      resolve(outcome);
    };
    // After a standstill of this process the timer comes before what has arrived meanwhile: that goes first.
    const timer = setTimeout(() => setImmediate(() => finish('ETIMEDOUT')), milliseconds);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      finish(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
  });
}
