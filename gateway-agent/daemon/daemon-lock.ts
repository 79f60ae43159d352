// One daemon per root folder. The lock is a socket that the kernel frees when the process dies, however it dies.
import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Call it to let go. */
export type Unlock = () => void;

/** Takes the lock, or null while another daemon has it. */
export async function lockDaemon(root: string): Promise<Unlock | null> {
  const name = `postern-daemon-${createHash('sha256')
    .update(await realpath(root))
    .digest('hex')
    .slice(0, 32)}`;
  if (process.platform === 'linux') return listenOn(`\0${name}`); // abstract: leaves no file behind
  if (process.platform === 'win32') return listenOn(`\\\\.\\pipe\\${name}`);
  const path = join(root, 'run', 'daemon.lock');
  const lock = await listenOn(path);
  if (lock || (await isAlive(path))) return lock;
  await rm(path, { force: true }); // its daemon is dead
  return listenOn(path);
}

function listenOn(path: string): Promise<Unlock | null> {
  return new Promise((resolve) => {
    const server: Server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(path, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
