// One load sent to one peer by Debian's smtp-source, and what it cost.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadCase } from './load-case.ts';
import { recipientDomain, type Peer } from './peer.ts';
import { readTreeCost } from './process-tree.ts';
import type { Sample } from './results.ts';
import type { Sink } from './sink.ts';

/** A load that takes longer has failed. */
const longestLoadMilliseconds = 120_000;

/** Nothing delivered for so long: the rest never comes. */
const longestPauseMilliseconds = 15_000;

/** How exactly the time of the last delivery is known. */
const lookEveryMilliseconds = 10;

/** Time for a server to sweep up behind the last delivery, before its CPU time is read. */
const settleMilliseconds = 300;

type Bench = { peer: Peer; sink: Sink; load: LoadCase; signal: AbortSignal };

/** Sends the load; throws when the peer refuses a message or does not deliver them all. */
export async function measureLoad({ peer, sink, load, signal }: Bench): Promise<Sample> {
  const deliveredBefore = await sink.delivered();
  const cpuBefore = readTreeCost(peer.pid).cpuMilliseconds;
  const start = performance.now();
  const sending = sendLoad(peer, load, signal);
  const [acceptedAt, deliveredAt] = await Promise.all([
    sending.then(() => performance.now()),
    waitForDeliveries(sink, deliveredBefore + load.messages, sending),
  ]);
  const residentMiB = readTreeCost(peer.pid).residentMiB;
  await delay(settleMilliseconds);
  const cpu = readTreeCost(peer.pid).cpuMilliseconds - cpuBefore;
  return {
    acceptedPerSecond: (load.messages / (acceptedAt - start)) * 1000,
    deliveredPerSecond: (load.messages / (deliveredAt - start)) * 1000,
    cpuMsPerMessage: cpu / load.messages,
    rssMiB: residentMiB,
  };
}

function sendLoad(peer: Peer, load: LoadCase, signal: AbortSignal): Promise<void> {
  const amount = ['-s', String(load.sessions), '-m', String(load.messages), '-l', String(load.bytes)];
  const staysConnected = load.perSession === 'many' ? ['-d'] : [];
  const envelope = ['-M', 'client.test', '-f', 'sender@client.test', '-t', `user@${recipientDomain}`];
  const args = [...amount, ...staysConnected, ...envelope, `127.0.0.1:${peer.port}`];
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: longestLoadMilliseconds };
    const child = spawn('/usr/sbin/smtp-source', args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(errors.trim().split('\n').at(-1) || 'the load took longer than two minutes'));
    });
  });
}

/** The time of the last delivery; ends early when the load fails. */
async function waitForDeliveries(sink: Sink, count: number, sending: Promise<void>): Promise<number> {
  let hasFailed = false;
  sending.catch(() => (hasFailed = true));
  let last = 0;
  let changedAt = performance.now();
  while (!hasFailed) {
    const delivered = await sink.delivered();
    const now = performance.now();
    if (delivered >= count) return now;
    if (delivered !== last) [last, changedAt] = [delivered, now];
    if (now - changedAt > longestPauseMilliseconds) throw new Error(`${count - delivered} messages were not delivered`);
    await delay(lookEveryMilliseconds);
  }
  return Number.NaN;
}
