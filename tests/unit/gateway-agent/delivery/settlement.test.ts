// How attempts are written down, over a real queue: what is finished, what waits and until when, who is told.
import { describe, expect, it } from 'vitest';
import type { DeliveryEvent } from '../../../../gateway-agent/delivery/delivery-settings.ts';
import { Settlement } from '../../../../gateway-agent/delivery/settlement.ts';
import { deferral, rejection, type Verdict } from '../../../../gateway-agent/delivery/verdict.ts';
import type { Queue } from '../../../../gateway-agent/queue/queue.ts';
import { deliverySettings, endedWith, jobOf } from '../../../support/delivery-parts.ts';
import { accept, bodyOf, envelopeFor, opened, queueFolder } from '../../../support/queue-folder.ts';

const minute = 60_000;
const hour = 60 * minute;
const received = Date.UTC(2026, 0, 1);
const taken: Verdict = { kind: 'delivered', status: '2.0.0', reply: '250 2.0.0 ok', isRemote: true };
const later: Verdict = { kind: 'deferred', status: '4.2.1', reply: '451 4.2.1 later', isRemote: true };
const refused: Verdict = { kind: 'bounced', status: '5.1.1', reply: '550 5.1.1 unknown', isRemote: true };
const settings = deliverySettings();

/** A queue with a clock of its own, and what was reported. */
const stage = () => {
  const folder = queueFolder();
  const clock = { now: received };
  const queue = opened(folder.path, { now: () => clock.now });
  const events: DeliveryEvent[] = [];
  const settlement = new Settlement(
    queue,
    { record: (event) => void events.push(event as DeliveryEvent) },
    () => clock.now,
  );
  const close = async () => {
    await queue.close();
    folder[Symbol.dispose]();
  };
  return { queue, clock, events, settlement, [Symbol.asyncDispose]: close };
};

const noticesIn = (queue: Queue) => queue.list().messages.filter(({ envelope }) => envelope.sender === '');

describe('Settlement', () => {
  it('forgets a message whose recipients all have it, with one event for each domain', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n', envelopeFor('a@mx.test', 'b@MX.test', 'c@other.test'));
    const job = jobOf(at.queue, id);

    expect(await at.settlement.settle(job, endedWith(job, taken), settings)).toBe(true);

    expect(at.queue.message(id)).toBeNull();
    expect(at.queue.gauges().messages).toBe(0);
    expect(at.events).toEqual([
      expect.objectContaining({ event: 'delivered', id, domain: 'mx.test', recipients: 2, reply: taken.reply }),
      expect.objectContaining({ event: 'delivered', id, domain: 'other.test', recipients: 1, server: 'hop.test' }),
    ]);
  });

  it('tries again after 1, 5, 15 and 30 minutes, then every hour', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n');
    const waits: number[] = [];

    for (let attempt = 0; attempt < 6; attempt += 1) {
      const job = jobOf(at.queue, id);
      await at.settlement.settle(job, endedWith(job, later), settings);
      const { nextAttemptAt = 0, lastReply } = at.queue.message(id)?.recipients[0] ?? {};
      waits.push((nextAttemptAt - at.clock.now) / minute);
      expect(lastReply).toBe(later.reply);
      at.clock.now = nextAttemptAt;
    }

    expect(waits).toEqual([1, 5, 15, 30, 60, 60]);
    expect(at.events[0]).toMatchObject({ event: 'deferred', nextAttemptAt: '2026-01-01T00:01:00.000Z' });
    expect(noticesIn(at.queue)).toEqual([]);
  });

  it('keeps only the recipients that are still open', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n', envelopeFor('a@mx.test', 'b@mx.test', 'c@mx.test'));
    const job = jobOf(at.queue, id);
    const verdicts = [taken, later, refused];
    const endings = endedWith(job, taken).map((ending, index) => ({ ...ending, verdict: verdicts[index] ?? taken }));

    await at.settlement.settle(job, endings, settings);

    expect(at.queue.message(id)?.recipients.map(({ state }) => state)).toEqual(['delivered', 'deferred', 'bounced']);
    expect(String(await bodyOf(at.queue, noticesIn(at.queue)[0]?.id ?? ''))).toMatch(
      /Final-Recipient: rfc822; c@mx\.test/,
    );
  });

  it('returns what is refused with a null sender, and names the notice in the event', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'Subject: mine\r\n\r\nhello\r\n');
    const job = jobOf(at.queue, id);

    await at.settlement.settle(job, endedWith(job, refused), settings);

    const [notice, ...more] = noticesIn(at.queue);
    expect(more).toEqual([]);
    expect(notice?.envelope.recipients).toEqual([{ address: 'a@client.test', notify: ['never'] }]);
    expect(at.queue.message(id)).toBeNull();
    expect(at.events).toEqual([expect.objectContaining({ event: 'bounced', notice: notice?.id })]);
  });

  it('never answers a bounce with a bounce, nor tells who asked for silence', async () => {
    await using at = stage();
    const silent = { ...envelopeFor('b@mx.test'), recipients: [{ address: 'b@mx.test', notify: ['never' as const] }] };
    for (const envelope of [{ ...envelopeFor('b@mx.test'), sender: '' }, silent]) {
      const job = jobOf(at.queue, await accept(at.queue, 'x\r\n', envelope));
      await at.settlement.settle(job, endedWith(job, refused), settings);
    }

    expect(at.queue.gauges().messages).toBe(0);
    expect(at.events.map(({ event, notice }) => [event, notice])).toEqual([
      ['bounced', undefined],
      ['bounced', undefined],
    ]);
  });

  it('gives up after five days, with the status for expired mail', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n');
    at.clock.now = received + 120 * hour;
    const job = jobOf(at.queue, id);

    await at.settlement.settle(job, endedWith(job, later), settings);

    const notice = String(await bodyOf(at.queue, noticesIn(at.queue)[0]?.id ?? ''));
    expect(notice).toMatch(/Action: failed\r\nStatus: 4\.4\.7\r\n/);
    expect(notice).toContain('Diagnostic-Code: smtp; 451 4.2.1 later');
    expect(at.queue.message(id)).toBeNull();
  });

  it('tells of a delay once, after four hours', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n');
    const told: number[] = [];

    for (const hours of [3.9, 4, 5, 20]) {
      at.clock.now = received + hours * hour;
      const job = jobOf(at.queue, id);
      await at.settlement.settle(job, endedWith(job, later), settings);
      told.push(noticesIn(at.queue).length);
    }

    expect(told).toEqual([0, 1, 1, 1]);
    expect(String(await bodyOf(at.queue, noticesIn(at.queue)[0]?.id ?? ''))).toMatch(/Action: delayed\r\n/);
  });

  it.each([
    ['by us where the next server takes no DSN parameters', false, 1],
    ['by the next server where it takes them', true, 0],
  ])('lets success be told %s', async (_, passedOnDsn, notices) => {
    await using at = stage();
    const wish = { ...envelopeFor(), recipients: [{ address: 'b@mx.test', notify: ['success' as const] }] };
    const job = jobOf(at.queue, await accept(at.queue, 'x\r\n', wish));

    await at.settlement.settle(job, endedWith(job, taken, passedOnDsn), settings);

    expect(noticesIn(at.queue)).toHaveLength(notices);
  });

  it('keeps the message when the notice to its sender cannot be stored', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n');
    const job = jobOf(at.queue, id);
    await at.queue.close(); // from now on nothing can be stored

    expect(await at.settlement.settle(job, endedWith(job, rejection('5.1.1', 'no')), settings)).toBe(false);

    expect(at.queue.message(id)?.recipients).toMatchObject([{ state: 'deferred', attempts: 1 }]);
    expect(at.events.map(({ event }) => event)).toEqual(['deferred']);
  });

  it('puts everybody off when something of ours went wrong', async () => {
    await using at = stage();
    const id = await accept(at.queue, 'x\r\n', envelopeFor('a@mx.test', 'b@mx.test'));

    at.settlement.putOff(jobOf(at.queue, id), settings);

    expect(at.queue.message(id)?.recipients.map(({ state }) => state)).toEqual(['deferred', 'deferred']);
    expect(at.events[0]?.reply).toBe(deferral('4.3.0', 'Internal trouble of this gateway').reply);
  });
});
