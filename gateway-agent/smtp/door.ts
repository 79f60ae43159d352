// The door before the first word: connection control, then the limit. A peer turned away costs no session.
import type { Socket } from 'node:net';
import { parsePeerAddress } from '#contract/addresses';
import { decideConnection, decideRoom } from '../policy/decide-connection.ts';
import type { GatewayServer } from './gateway-server.ts';
import { newReference, replyLine, type Reply } from './refuse.ts';

/** How long a refused peer has to read the reply and close; then the socket is destroyed. Postern's own number. */
const lingerMilliseconds = 1000;

/** Lets a fresh socket in or turns it away. `isOwnProbe` knows the local end of our own probes. */
export function admitSocket(
  socket: Socket,
  server: GatewayServer,
  isOwnProbe: (address: string, port: number) => boolean,
): void {
  const { remoteAddress, remotePort } = socket;
  const peer = parsePeerAddress(remoteAddress ?? '');
  if (remoteAddress === undefined || remotePort === undefined || 'reason' in peer) {
    socket.on('error', () => undefined).destroy(); // gone before it was accepted
    return;
  }
  if (isOwnProbe(remoteAddress, remotePort)) return server.receive(socket, true);

  const { policy } = server.settings;
  const admission = decideConnection(policy.control, peer);
  if (!admission.accept) return turnAway(socket, connectionRefused, { server, ...admission });
  const room = decideRoom(policy.maxConnections, server.connectionCount);
  if (!room.accept) return turnAway(socket, tooManyConnections, { server, ...room });
  server.receive(socket, false);
}

const connectionRefused: Reply = { code: 554, enhanced: '5.7.1', text: 'Connection refused' };
const tooManyConnections: Reply = { code: 421, enhanced: '4.3.2', text: 'Too many connections, try again later' };

type Why = { server: GatewayServer; rule: string; entry?: string };

function turnAway(socket: Socket, reply: Reply, { server, rule, entry }: Why): void {
  const ref = newReference();
  server.reports.record({
    event: 'refused',
    ref,
    peer: (socket.remoteAddress ?? '').replace(/^::ffff:/i, ''),
    rule,
    reply: `${reply.code} ${reply.enhanced}`,
    ...(entry === undefined ? {} : { entry }),
  });
  socket.on('error', () => undefined);
  socket.end(replyLine(reply, ref));
  socket.resume(); // unread bytes at close would reset the connection and destroy the reply on its way
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref();
}
