// A real Postfix delivers ten thousand messages through the gateway to a real sink: each arrives once, and whole.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findFreePort } from '../support/free-port.ts';
import { startGateway } from '../support/smtp-gateway.ts';
import { startPostfix } from '../support/smtp-postfix.ts';
import { startSink, type SmtpSink } from '../support/smtp-sink.ts';

const run = promisify(execFile);
const count = 10_000;

/** smtp-source fills every message with the same lines up to about this length. */
const bodyBytes = 4000;

/** Nothing more arrived for so long: the rest never comes. */
const longestPauseMilliseconds = 60_000;

async function waitForAll(sink: SmtpSink): Promise<number> {
  let [last, changedAt] = [0, performance.now()];
  while (performance.now() - changedAt < longestPauseMilliseconds) {
    const arrived = await sink.count();
    if (arrived >= count) return arrived;
    if (arrived !== last) [last, changedAt] = [arrived, performance.now()];
    await delay(100);
  }
  return last;
}

function addressesOf(messages: readonly string[]): string[] {
  return messages.map((message) => /^X-Rcpt-Args: <([^>]*)>/m.exec(message)?.[1] ?? 'nobody');
}

it(
  'Postfix delivers 10,000 messages through the gateway, each arrives once and whole',
  { timeout: 1_200_000 },
  async () => {
    const sink = await startSink();
    const gateway = await startGateway({ asProcess: true, nextHop: sink.address });
    const listenPort = await findFreePort();
    const postfix = await startPostfix({
      relayPort: gateway.port,
      bindAddress: '127.0.0.5',
      tlsLevel: 'none',
      listenPort,
    });
    const started = performance.now();

    // -N puts a number in front of each recipient, so that every message has one of its own.
    const load = ['-N', '-m', String(count), '-s', '20', '-l', String(bodyBytes)];
    await run('/usr/sbin/smtp-source', [...load, '-f', 'a@client.test', '-t', 'b@mx.test', `127.0.0.1:${listenPort}`]);
    const takenAfter = performance.now() - started;
    await waitForAll(sink);
    const arrivedAfter = performance.now() - started;
    await gateway.drained(60_000);
    const messages = await sink.messages();

    const addresses = addressesOf(messages);
    const log = await postfix.log();
    const status = await gateway.status();
    const bodies = new Set(messages.map((message) => message.slice(message.indexOf('\n\n'))));
    const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
    process.stdout.write(
      `Postfix took ${count} messages in ${seconds(takenAfter)} s, ${messages.length} had arrived after ${seconds(arrivedAfter)} s\n`,
    );
    expect(messages).toHaveLength(count);
    expect(new Set(addresses).size).toBe(count);
    expect([...bodies].map((body) => body.length > bodyBytes * 0.8)).toEqual([true]); // all alike, and none empty
    expect(messages.every((message) => /by gateway\.test \(Postern\) with ESMTP id/.test(message))).toBe(true);
    expect(messages.every((message) => /by postfix\.test \(Postfix\)/.test(message))).toBe(true);
    expect(log.match(/status=sent \(250 2\.0\.0 Queued as /g)).toHaveLength(count);
    expect(log).not.toMatch(/status=(bounced|deferred)/);
    expect(status.messages).toMatchObject({ relayed: count, refused: 0 });
    expect(status.queue).toMatchObject({ messages: 0, damaged: 0 });
    await postfix.close();
    await gateway.close();
    await sink.close();
  },
);
