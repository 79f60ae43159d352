// The next hop of every peer: Debian's smtp-sink, one for each, which counts what it has taken.
import { open } from 'node:fs/promises';
import { findFreePort, waitForGreeting, type Workshop } from './workshop.ts';

export type Sink = { port: number; delivered(): Promise<number>; end(): Promise<void> };

/** More than any peer opens, so that the sink is never what they wait for. */
const maxSessions = '1000';

/** What `smtp-sink -c` prints, each time over the line before. */
export function parseSinkCount(output: string): number {
  return Number([...output.matchAll(/mesg=(\d+)(?=\s)/g)].at(-1)?.[1] ?? 0);
}

async function readEnd(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, size - bytes));
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Starts a sink; the deliveries it counts are those that it answered with 250 at the final dot. */
export async function startSink(workshop: Workshop, name: string): Promise<Sink> {
  const port = await findFreePort();
  const privileges = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const command = ['/usr/sbin/smtp-sink', '-c', ...privileges, '-m', maxSessions, `127.0.0.1:${port}`, '1024'];
  const server = workshop.start(`${name}-sink`, command);
  await waitForGreeting(port, server);
  const log = workshop.logPath(`${name}-sink`);
  return { port, delivered: async () => parseSinkCount(await readEnd(log, 200)), end: () => server.end() };
}
