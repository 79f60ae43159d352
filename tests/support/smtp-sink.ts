// Postfix' smtp-sink as next hop: takes everything, keeps one file a message.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, chmod } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';

export type SmtpSink = {
  port: number;
  address: { host: string; port: number };
  /** The messages so far, envelope lines of smtp-sink in front. */
  messages(): Promise<string[]>;
  /** How many there are, without reading them. */
  count(): Promise<number>;
  close(): Promise<void>;
};

/** `keepsMessages: false` throws content away, for large messages. */
export async function startSink({ keepsMessages = true } = {}): Promise<SmtpSink> {
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'postern-sink-'));
  await chmod(folder, 0o777); // smtp-sink started by root goes on as nobody
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const dump = keepsMessages ? ['-d', `${folder}/message.`] : [];
  const sink = spawn('/usr/sbin/smtp-sink', [...user, ...dump, `127.0.0.1:${port}`, '50'], { stdio: 'ignore' });
  const ended = once(sink, 'exit');
  await waitForPort(port);
  return {
    port,
    address: { host: '127.0.0.1', port },
    async messages() {
      const names = await readdir(folder);
      return Promise.all(names.toSorted().map((name) => readFile(join(folder, name), 'latin1')));
    },
    count: async () => (await readdir(folder)).length,
    async close() {
      sink.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until something listens on a port of 127.0.0.1. */
async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await delay(25);
  }
  throw new Error(`Nothing listens on port ${port}.`);
}
