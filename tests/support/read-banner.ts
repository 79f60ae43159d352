// The first line of an SMTP server.
import { connect } from 'node:net';

/** The banner, or the error's code where nobody answers within 5 s. */
export function readBanner(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: string): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(5000, () => end('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('data', (chunk: Buffer) => end(chunk.toString().split('\r\n')[0] ?? ''));
    socket.once('close', () => end('ECONNRESET'));
  });
}
