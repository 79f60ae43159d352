// One destination over real connections to a next hop in this process.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { done, failed } from '../../../../gateway-agent/contract/outcome.ts';
import type { DueRecipient } from '../../../../gateway-agent/delivery/delivery-queue.ts';
import type { Ending, Job } from '../../../../gateway-agent/delivery/job.ts';
import { Lane, type LaneParts } from '../../../../gateway-agent/delivery/lane.ts';
import { openHop } from '../../../../gateway-agent/delivery/open-hop.ts';
import { deferral } from '../../../../gateway-agent/delivery/verdict.ts';
import { plainManner } from '../../../support/delivery-parts.ts';
import { startNextHop, type TestNextHop } from '../../../support/smtp-next-hop.ts';

const recipient = (index: number): DueRecipient => {
  return { index, address: `user${index}@mx.test`, state: 'queued', attempts: 0, nextAttemptAt: 0 };
};

const job = (id: string, recipients = 1): Job => {
  const all = Array.from({ length: recipients }, (_, index) => recipient(index));
  const envelope = { sender: 'a@client.test', eightBit: false };
  return { message: { id, receivedAt: 0, bytes: 9, envelope, recipients: all, removedAt: null }, recipients: all };
};

/** A busy machine takes its time. */
const patient = { timeout: 10_000, interval: 2 };

describe('Lane', () => {
  let hop: TestNextHop;
  let attempts: number;
  let ended: { id: string; endings: Ending[] }[];

  beforeEach(async () => {
    hop = await startNextHop();
    attempts = 0;
    ended = [];
  });
  afterEach(() => hop.close());

  const lane = (changes: Partial<LaneParts> = {}): Lane => {
    const manner = plainManner(1000);
    return new Lane({
      maxConnections: 20,
      minuteMilliseconds: 1000,
      open: () => {
        attempts += 1;
        const server = { host: '127.0.0.1', port: hop.port, addresses: ['127.0.0.1'] };
        return openHop(server, { outgoing: 'off', demand: null }, manner);
      },
      bodyOf: (id) => Promise.resolve(done([Buffer.from(`${id}\r\n`)])),
      stillDue: ({ recipients }) => recipients,
      onEnd: ({ message: { id } }, endings) => void ended.push({ id, endings }),
      onEmpty: () => undefined,
      ...changes,
    });
  };
  const kinds = () => ended.flatMap(({ endings }) => endings.map(({ verdict }) => verdict.kind));
  const allEnded = async (count: number): Promise<void> => {
    await expect.poll(() => ended.length, patient).toBe(count);
  };

  it('delivers what waits over a few connections, each message once, and lets them go when they are idle', async () => {
    let emptied = 0;
    const all = lane({ onEmpty: () => (emptied += 1) });
    const ids = Array.from({ length: 40 }, (_, number) => `m${number}`);

    for (const id of ids) all.add(job(id));

    await allEnded(40);
    expect(kinds()).toEqual(ids.map(() => 'delivered'));
    expect(hop.messages.map(({ content }) => content.trim()).toSorted()).toEqual(ids.toSorted());
    expect(hop.connections).toBeLessThanOrEqual(20);
    expect(hop.connections).toBe(attempts);
    await expect.poll(() => emptied, patient).toBeGreaterThan(0);
  });

  it('stays within the limit of connections', async () => {
    const narrow = lane({ maxConnections: 1 });

    for (let number = 0; number < 20; number += 1) narrow.add(job(`m${number}`));

    await allEnded(20);
    expect(hop.connections).toBe(1);
  });

  it('uses a kept connection again, and opens another where the server has closed it meanwhile', async () => {
    const kept = lane({ minuteMilliseconds: 60_000 });
    kept.add(job('first'));
    await allEnded(1);
    kept.add(job('second'));
    await allEnded(2);
    expect(attempts).toBe(1);
    hop.dropAll();

    kept.add(job('third'));

    await allEnded(3);
    expect(kinds()).toEqual(['delivered', 'delivered', 'delivered']);
    expect(attempts).toBe(2);
    kept.retire();
  });

  it('puts off everybody at once when nobody is reached, and does not try again for a moment', async () => {
    const unreachable = { ok: false as const, verdict: deferral('4.4.1', 'nobody there') };
    const dead = lane({ maxConnections: 1, open: () => Promise.resolve(((attempts += 1), unreachable)) });
    for (let number = 0; number < 10; number += 1) dead.add(job(`m${number}`));
    await allEnded(10);

    dead.add(job('later'));
    expect(ended).toHaveLength(11);
    dead.revive();
    dead.add(job('asked for'));

    await allEnded(12);
    expect(new Set(kinds())).toEqual(new Set(['deferred']));
    expect(attempts).toBe(2);
  });

  it('leaves the line to the open connections where the server lets no more in', async () => {
    let greeted = 0;
    hop.wish = { reactions: { greeting: () => ((greeted += 1) > 1 ? '421 4.7.0 one is enough' : undefined) } };
    const cautious = lane({ minuteMilliseconds: 60_000 });
    cautious.add(job('first'));
    await allEnded(1);

    for (let number = 0; number < 20; number += 1) cautious.add(job(`m${number}`));

    await allEnded(21);
    expect(new Set(kinds())).toEqual(new Set(['delivered']));
    cautious.retire();
  });

  it('sends nothing to recipients that are no longer due', async () => {
    const asked = lane({ stillDue: ({ recipients }) => recipients.slice(1) });

    asked.add(job('partly', 2));
    asked.add(job('not at all', 1));

    await allEnded(2);
    expect(hop.messages.map(({ to }) => to)).toEqual([['user1@mx.test']]);
    expect(ended.find(({ id }) => id === 'not at all')?.endings).toEqual([]);
  });

  it('gives 250 recipients to the server in transactions of 100', async () => {
    lane().add(job('many', 250));

    await allEnded(1);
    expect(hop.messages.map(({ to }) => to.length)).toEqual([100, 100, 50]);
    expect(ended[0]?.endings.map(({ recipient: { index } }) => index)).toEqual(
      Array.from({ length: 250 }, (_, index) => index),
    );
  });

  it('puts a message off whose body cannot be read, and goes on with the next', async () => {
    const bodyOf: LaneParts['bodyOf'] = (id) =>
      Promise.resolve(id === 'bad' ? failed('storage-failed', 'unreadable') : done([Buffer.from('x\r\n')]));
    const torn = lane({ maxConnections: 1, bodyOf });

    torn.add(job('bad'));
    torn.add(job('good'));

    await allEnded(2);
    expect(ended.map(({ id, endings }) => [id, endings[0]?.verdict.kind, endings[0]?.verdict.status])).toEqual([
      ['bad', 'deferred', '4.3.0'],
      ['good', 'delivered', '2.0.0'],
    ]);
    expect(attempts).toBe(1);
  });

  it('gives back what waits when it is retired, and finishes what it has begun', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    let emptied = 0;
    const retired = lane({
      maxConnections: 1,
      onEmpty: () => (emptied += 1),
      bodyOf: async () => {
        await held;
        return done([Buffer.from('x\r\n')]);
      },
    });
    for (const id of ['begun', 'waits', 'waits too']) retired.add(job(id));
    await expect.poll(() => hop.connections, patient).toBe(1);

    const waiting = retired.retire();
    release();

    expect(waiting.map(({ message: { id } }) => id)).toEqual(['waits', 'waits too']);
    await allEnded(1);
    expect(ended[0]?.id).toBe('begun');
    await expect.poll(() => emptied, patient).toBe(1);
  });

  it('breaks off what hangs: it is put off, not returned', async () => {
    hop.wish = { reactions: { dot: 'hang' } };
    const broken = lane({ minuteMilliseconds: 60_000 });
    broken.add(job('hangs'));
    await expect.poll(() => hop.commands.includes('DATA'), patient).toBe(true);

    broken.abort();

    await allEnded(1);
    expect(kinds()).toEqual(['deferred']);
  });
});
