// What a session costs that does nothing, and what the agent costs that has none.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startAgent } from './agent-peer.ts';
import { startSink } from './sink.ts';
import type { Workshop } from './workshop.ts';

/** `idleWithListMiB` is with the deny list of the load runs. */
export type IdleCost = { idleMiB: number; idleWithListMiB: number; sessions: number; kibPerSession: number };

/** So many handshakes at a time; the listen queue holds 511. */
const handshakesAtATime = 200;

/** Start-up garbage is gone after this time. */
const settleMilliseconds = 5000;

function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Greeted, and EHLO answered; rejects after ten seconds. */
function openSession(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within ten seconds')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the agent closed the session')));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      const wasGreeted = text !== '';
      text += chunk.toString('latin1');
      if (!wasGreeted) socket.write('EHLO client.test\r\n');
      if (!/^250 .*\r\n$/m.test(text)) return;
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Opens the sessions, waits, and reads the daemon's resident memory before and after. */
export async function measureIdle(workshop: Workshop, bundle: string, sessions: number): Promise<IdleCost> {
  const sink = await startSink(workshop, 'idle');
  const plain = await startAgent(workshop, { bundle, sinkPort: sink.port, denyEntries: 0 });
  const listing = await startAgent(workshop, { bundle, sinkPort: sink.port });
  const sockets: Socket[] = [];
  try {
    await delay(settleMilliseconds);
    const [before, withList] = [residentKib(plain.pid), residentKib(listing.pid)];
    while (sockets.length < sessions) {
      const next = Math.min(handshakesAtATime, sessions - sockets.length);
      sockets.push(...(await Promise.all(Array.from({ length: next }, () => openSession(plain.port)))));
    }
    await delay(settleMilliseconds);
    const kibPerSession = (residentKib(plain.pid) - before) / sessions;
    return { idleMiB: before / 1024, idleWithListMiB: withList / 1024, sessions, kibPerSession };
  } finally {
    for (const socket of sockets) socket.destroy();
    await Promise.all([plain.end(), listing.end(), sink.end()]);
  }
}
