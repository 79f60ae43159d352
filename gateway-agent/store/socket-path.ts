// Where rpc and daemon meet.
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** The daemon's control socket; on Windows a named pipe, because Node has no unix sockets there. */
export function daemonSocketPath(root: string): string {
  if (process.platform !== 'win32') return join(root, 'run', 'agent.sock');
  const name = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 32);
  return `\\\\.\\pipe\\postern-${name}`;
}
