// A wire between client and server that a test can cut: for every byte back and forth until then it is not there.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  port: number;
  /** Ends every connection as a dead network would; new ones are refused until `mend`. */
  cut(): void;
  mend(): void;
  /** Passes nothing on from now on and closes nothing: sleep, a VPN that is gone. */
  silence(): void;
  close(): Promise<void>;
};

/** Listens on loopback and passes everything on to the port given. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.resetAndDestroy();
    const far = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endAll = (): void => open.forEach((socket) => socket.resetAndDestroy());
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut() {
      isCut = true;
      endAll();
    },
    mend() {
      isCut = false;
    },
    silence() {
      for (const socket of open) socket.unpipe().pause();
    },
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
