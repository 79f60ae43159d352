// Ports for servers on loopback.
import { randomInt } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Below what systems give to outgoing connections (Linux from 32768, others from 49152): nobody takes it by chance. */
const range = { first: 15_000, count: 15_000 };

/** Long enough for a server to start and to be started again; then another test may have the port. */
const keptMilliseconds = 10 * 60 * 1000;

const reservations = join(tmpdir(), `postern-test-ports-${userInfo().uid}`);

/** A TCP port that nobody holds, and that no other test is given. */
export async function findFreePort(): Promise<number> {
  await mkdir(reservations, { recursive: true });
  for (let tries = 0; tries < 1000; tries++) {
    const port = range.first + randomInt(range.count);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
  throw new Error('No port is free.');
}

/** Tests run in several processes: a file decides between two that choose the same. */
async function reserve(port: number): Promise<boolean> {
  const path = join(reservations, String(port));
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch {
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > keptMilliseconds) await rm(path, { force: true });
    return false;
  }
}

/** On every address of both families. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
