// Random histories against a model that fits in a Map: accept, results, operator actions, crashes, reclaiming.
import { randomBytes } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import type { Queue } from '../../../../gateway-agent/queue/queue.ts';
import { accept, bodyOf, envelopeFor, opened, queueFolder } from '../../../support/queue-folder.ts';

type Expected = { body: Buffer; states: string[]; isRemoved: boolean };
const settings = { segmentBytes: 20_000, slackBytes: 30_000, memoryBytes: 30_000 };
const openStates = ['queued', 'deferred', 'held', 'open']; // open: queued or deferred, whichever it was

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('accept'), size: fc.integer({ min: 0, max: 9000 }), which: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('accept'), size: fc.constant(300_000), which: fc.nat(1) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('delivered', 'bounced', 'deferred', 'hold', 'release', 'remove', 'restore'),
      size: fc.nat(2),
      which: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('reopen', 'crash'), size: fc.constant(0), which: fc.nat() }),
  },
);

/** Does one step to both, queue and model. Marks are flushed, so that a crash may lose nothing. */
async function apply(queue: Queue, model: Map<string, Expected>, action: { do: string; size: number; which: number }) {
  if (action.do === 'accept') {
    const body = randomBytes(action.size);
    const recipients = Array.from({ length: action.which + 1 }, (_, index) => `r${index}@mx.test`);
    const id = await accept(queue, body, envelopeFor(...recipients));
    model.set(id, { body, states: recipients.map(() => 'queued'), isRemoved: false });
    return;
  }
  const [id, expected] = [...model][action.which % Math.max(1, model.size)] ?? [];
  if (!id || !expected) return;
  if (action.do === 'remove' || action.do === 'restore') {
    queue[action.do](id);
    expected.isRemoved = action.do === 'remove';
  } else if (action.do === 'hold' || action.do === 'release') {
    queue.act(id, action.do);
    if (expected.isRemoved) return;
    expected.states = expected.states.map((state) => {
      if (action.do === 'hold') return openStates.includes(state) ? 'held' : state;
      return state === 'held' ? 'open' : state;
    });
  } else {
    const index = action.size % expected.states.length;
    const change =
      action.do === 'deferred' ? { state: 'deferred' as const, nextAttemptAt: 5 } : { state: action.do as 'bounced' };
    queue.record(id, [{ index, ...change }]);
    const before = expected.states[index]!;
    if (openStates.includes(before) && (action.do !== 'deferred' || before !== 'held'))
      expected.states[index] = action.do;
  }
  if (!expected.states.some((state) => openStates.includes(state))) model.delete(id);
  await queue.flush();
}

async function compare(queue: Queue, model: Map<string, Expected>) {
  expect(queue.list().messages.map(({ id }) => id)).toEqual([...model.keys()].toSorted());
  for (const [id, { body, states, isRemoved }] of model) {
    const message = queue.message(id)!;
    for (const [index, { state }] of message.recipients.entries()) {
      expect(states[index] === 'open' ? ['queued', 'deferred'] : [states[index]]).toContain(state);
    }
    expect(message.removedAt !== null).toBe(isRemoved);
    expect((await bodyOf(queue, id))?.equals(body)).toBe(true);
  }
}

describe('MessageStore', () => {
  it('is what the model is after every history, with crashes and reclaiming in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        using folder = queueFolder();
        let at = `${folder.path}/0`;
        let queue = opened(at, settings);
        const model = new Map<string, Expected>();
        for (const [count, action] of steps.entries()) {
          if (action.do === 'crash') {
            const next = `${folder.path}/${count + 1}`;
            cpSync(at, next, { recursive: true }); // the disk as it is while the queue is open
            await queue.close();
            rmSync(at, { recursive: true });
            at = next;
            queue = opened(at, settings);
          } else if (action.do === 'reopen') {
            await queue.close();
            queue = opened(at, settings);
          } else {
            await apply(queue, model, action);
          }
          if (action.do === 'crash' || action.do === 'reopen') await compare(queue, model);
        }
        await compare(queue, model);
        expect(queue.gauges().damaged).toBe(0);
        await queue.close();
      }),
      { numRuns: 40 },
    );
  });
});
