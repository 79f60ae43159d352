// A port for the local gateway's listener that a newcomer can remember.
import { createServer } from 'node:net';
import { done, failed, type Outcome } from '#contract/outcome';

const firstPort = 2525;
const portsTried = 200;

/** The first port from 2525 up that nothing on loopback listens on. */
export async function findFreeSmtpPort(): Promise<Outcome<number>> {
  for (let port = firstPort; port < firstPort + portsTried; port += 1) {
    if ((await isFree('127.0.0.1', port)) && (await isFree('::1', port))) return done(port);
  }
  return failed(
    'port-taken',
    `All ports from ${firstPort} to ${firstPort + portsTried - 1} are taken on this computer.`,
  );
}

/** A family that this computer lacks takes no port. */
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    );
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}
