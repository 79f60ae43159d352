// A process that dies: accepts and delivers over parallel sessions and prints what it promised, one line each.
//   A id sha256   acknowledged     R   refused     D id   about to be recorded as delivered     F id   that is durable
// Run: node queue-child.ts FOLDER [--sessions N] [--messages N] [--pause MS] [--deliver]
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { envelopeFor, opened } from '../support/queue-folder.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sessions: { type: 'string', default: '20' },
    messages: { type: 'string', default: '1000000' },
    pause: { type: 'string', default: '0' },
    deliver: { type: 'boolean', default: false },
  },
});
const queue = opened(positionals[0] ?? '', { segmentBytes: 1_000_000, slackBytes: 4_000_000, memoryBytes: 2_000_000 });
let left = Number(values.messages);

/** Straight to the descriptor: what is printed is printed, whenever the process is killed. */
function print(line: string): void {
  writeSync(1, `${line}\n`);
}

function newBody(): Buffer {
  const dice = randomInt(100);
  if (dice < 2) return randomBytes(400_000);
  return randomBytes(dice < 10 ? 100_000 : randomInt(8000));
}

async function acceptOne(): Promise<void> {
  const body = newBody();
  const incoming = queue.begin(envelopeFor('b@mx.test'));
  for (let at = 0; at < body.length; at += 30_000) await incoming.write(body.subarray(at, at + 30_000));
  const committed = await incoming.commit();
  const digest = createHash('sha256').update(body).digest('hex');
  print(committed.ok ? `A ${committed.value.id} ${digest}` : `R ${incoming.id}`);
}

async function deliverSome(): Promise<void> {
  const taken = queue.takeDue(randomInt(3));
  for (const { id } of taken) {
    if (randomInt(10) === 0) {
      queue.record(id, [
        { index: 0, state: 'deferred', nextAttemptAt: Date.now() + randomInt(500), lastReply: '451 no' },
      ]);
      queue.giveBack(id);
      continue;
    }
    print(`D ${id}`);
    queue.record(id, [{ index: 0, state: 'delivered' }]);
    if (randomInt(20) === 0 && (await queue.flush()).ok) print(`F ${id}`);
  }
}

async function session(): Promise<void> {
  while (left-- > 0) {
    await acceptOne();
    if (values.deliver) await deliverSome();
    if (values.pause !== '0') await sleep(Number(values.pause));
  }
}

const { messages, damaged } = queue.gauges();
print(`ready ${messages} ${damaged}`);
await Promise.all(Array.from({ length: Number(values.sessions) }, session));
await queue.close();
print('end');
