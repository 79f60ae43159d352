// Builders for tests of the queue: a folder, an envelope, and the calls that a test would otherwise repeat.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openQueue } from '../../gateway-agent/queue/queue.ts';
import type { StoreOptions } from '../../gateway-agent/queue/message-store.ts';
import type { Queue } from '../../gateway-agent/queue/queue.ts';
import type { Envelope } from '../../gateway-agent/queue/stored-message.ts';

/** An empty folder that `using` removes. */
export function queueFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'postern-queue-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Opens or throws. */
export function opened(folder: string, options: Partial<StoreOptions> = {}): Queue {
  const queue = openQueue({ folder, now: Date.now, ...options });
  if (!queue.ok) throw new Error(queue.problem.message);
  return queue.value;
}

/** An envelope for these recipients. */
export function envelopeFor(...recipients: string[]): Envelope {
  return {
    sender: 'a@client.test',
    recipients: recipients.map((address) => ({ address })),
    smtpUtf8: false,
    eightBit: true,
    requiresTls: false,
    receivedFrom: { address: '192.0.2.1', helo: 'client.test' },
  };
}

/** Accepts one message and returns its id. */
export async function accept(
  queue: Queue,
  body: Buffer | string,
  envelope = envelopeFor('b@mx.test'),
): Promise<string> {
  const incoming = queue.begin(envelope);
  await incoming.write(typeof body === 'string' ? Buffer.from(body) : body);
  const committed = await incoming.commit();
  if (!committed.ok) throw new Error(committed.problem.message);
  return committed.value.id;
}

/** The whole body, however it is kept; null when it cannot be read. */
export async function bodyOf(queue: Queue, id: string): Promise<Buffer | null> {
  const body = await queue.body(id);
  if (!body.ok) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of body.value) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
