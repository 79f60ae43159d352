// Notices to senders over a real queue: how much of the original comes back, and to whom.
import { describe, expect, it } from 'vitest';
import { sendNotice, wantsNotice } from '../../../../gateway-agent/delivery/send-notice.ts';
import { rejection } from '../../../../gateway-agent/delivery/verdict.ts';
import type { Queue } from '../../../../gateway-agent/queue/queue.ts';
import type { Envelope } from '../../../../gateway-agent/queue/stored-message.ts';
import { deliverySettings, endedWith, jobOf } from '../../../support/delivery-parts.ts';
import { accept, bodyOf, envelopeFor, opened, queueFolder } from '../../../support/queue-folder.ts';

const header = 'Subject: mine\r\nX-Own: yes\r\n\r\n';

type Refused = { body?: string | Buffer; status?: string } & Partial<Envelope>;

/** The text of the notice about a message that was refused with this status. */
const noticeAbout = async (queue: Queue, { body = `${header}x\r\n`, status = '5.1.1', ...changes }: Refused) => {
  const job = jobOf(queue, await accept(queue, body, { ...envelopeFor('b@mx.test'), ...changes }));
  const endings = endedWith(job, rejection(status, 'It is not taken'));
  const told = await sendNotice(queue, deliverySettings(), { kind: 'failed', message: job.message, endings });
  if (!told.ok || told.value === null) throw new Error('nobody was told');
  return { text: String(await bodyOf(queue, told.value)), notice: queue.message(told.value) };
};

describe('sendNotice', () => {
  const large = 'large\r\n'.repeat(10_000);
  const [full, headers] = [{ returnContent: 'full' as const }, { returnContent: 'headers' as const }];

  it.each<[string, Refused & { body: string }, boolean]>([
    ['a small message whole', { body: 'small\r\n', eightBit: false }, true],
    ['the header of a large one', { body: large }, false],
    ['a large one whole where RET=FULL asks for it', { body: large, ...full }, true],
    ['the header where RET=HDRS asks for it', { body: 'small\r\n', ...headers }, false],
    ['the header of what was too large for the next server', { body: 'small\r\n', ...full, status: '5.3.4' }, false],
    ['the header where octets beyond ASCII might not find home', { body: 'small\r\n', eightBit: true }, false],
    ['the header of what the next server cannot take', { body: 'small\r\n', status: '5.6.3' }, false],
  ])('returns %s', async (_, { body, ...rest }, isWhole) => {
    using folder = queueFolder();
    const queue = opened(folder.path);

    const { text } = await noticeAbout(queue, { body: `${header}${body}`, ...rest });

    expect(text).toContain(isWhole ? 'Content-Type: message/rfc822' : 'Content-Type: text/rfc822-headers');
    expect(text).toContain('Subject: mine\r\nX-Own: yes\r\n');
    expect(text.includes(body)).toBe(isWhole);
    await queue.close();
  });

  it('says 8bit only where such octets come back, and cannot be answered itself', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);

    const whole = await noticeAbout(queue, { eightBit: true, ...full });
    const headerOnly = await noticeAbout(queue, { eightBit: true, ...headers });

    expect([whole, headerOnly].map(({ notice }) => notice?.envelope.eightBit)).toEqual([true, false]);
    expect(whole.text).toContain('Content-Transfer-Encoding: 8bit');
    expect(headerOnly.text).not.toContain('8bit');
    expect(whole.notice?.envelope).toMatchObject({
      sender: '',
      recipients: [{ address: 'a@client.test', notify: ['never'] }],
    });
    await queue.close();
  });

  it('holds nothing but short lines of ASCII where only the header comes back', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const body = Buffer.concat([
      Buffer.from('Subject: Gr'),
      Buffer.from([0xfc, 0xdf]),
      Buffer.from('e \u00e4\r\n\r\nx\r\n'),
    ]);
    const originalRecipient = `rfc822;${'o'.repeat(1500)}`;

    const { text } = await noticeAbout(queue, {
      body,
      ...headers,
      envelopeId: 'e'.repeat(1500),
      recipients: [{ address: 'b@mx.test', originalRecipient }],
    });

    expect(text).toContain('Subject: Gr??e ?\r\n');
    expect(text).toMatch(/^[\t\r\n -~]+$/);
    expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998);
    await queue.close();
  });

  it('tells the header of a message that has gone meanwhile, without failing', async () => {
    using folder = queueFolder();
    const queue = opened(folder.path);
    const job = jobOf(queue, await accept(queue, 'x\r\n'));
    queue.record(job.message.id, [{ index: 0, state: 'delivered' }]);

    const endings = endedWith(job, rejection('5.1.1', 'no'));
    const told = await sendNotice(queue, deliverySettings(), { kind: 'failed', message: job.message, endings });

    expect(told).toMatchObject({ ok: true, value: expect.any(String) as string });
    await queue.close();
  });
});

describe('wantsNotice', () => {
  const wishing = (...notify: ('never' | 'success' | 'failure' | 'delay')[]) => {
    return { index: 0, address: 'b@mx.test', state: 'queued' as const, attempts: 0, nextAttemptAt: 0, notify };
  };

  it('tells of failure and delay where nothing was asked for, else what was asked for', () => {
    const { notify: _, ...unasked } = wishing();

    expect((['failed', 'delayed', 'relayed'] as const).filter((kind) => wantsNotice(unasked, kind))).toEqual([
      'failed',
      'delayed',
    ]);
    expect(wantsNotice(wishing('never'), 'failed')).toBe(false);
    expect(wantsNotice(wishing('success'), 'relayed')).toBe(true);
    expect(wantsNotice(wishing('success', 'delay'), 'failed')).toBe(false);
  });
});
