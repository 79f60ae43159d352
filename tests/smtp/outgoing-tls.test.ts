// TLS towards the next hop: off, opportunistic, required, against next hops that strip it, spoil it or lie about who they are.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { QueueReply } from '../../gateway-agent/contract/replies.ts';
import { createCa, type TestCa } from '../support/smtp-certificates.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

describe('outgoing TLS', () => {
  let ca: TestCa;
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    ca = await createCa();
    hop = await startNextHop();
    gateway = await startGateway({ nextHop: hop.address });
  });
  afterEach(() => {
    hop.messages.length = 0;
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
    await ca.close();
  });

  /** Gives what became of the message: the last reply while it waits, or `delivered`. */
  const send = async (outgoing: 'off' | 'opportunistic' | 'required', ownCa = ''): Promise<string> => {
    const nextHop = { host: 'localhost', port: hop.port };
    const { answer } = await gateway.apply({ nextHop, outgoing, ...(ownCa === '' ? {} : { outgoingCa: ownCa }) });
    if (!answer.ok) throw new Error(answer.problem.message);
    const client = await greetedClient(gateway.port);
    expect(await client.sendMail({})).toMatch(/^250 /);
    client.close();
    const fate = await settled();
    const pending = (await gateway.status()).pending;
    await gateway.ask({ ask: 'abandon', pushId: pending?.pushId ?? '' });
    return fate;
  };
  const settled = async (): Promise<string> => {
    let entries: QueueReply['entries'] = [];
    await expect
      .poll(async () => (entries = await gateway.queued()).every((each) => each.recipients[0]!.attempts > 0), {
        timeout: 8000,
      })
      .toBe(true);
    const [waiting] = entries;
    if (waiting) await gateway.queue({ kind: 'act', action: 'remove', ids: [waiting.id] });
    expect(
      entries.every(({ removedAt, recipients }) => removedAt !== null || recipients[0]!.state === 'deferred'),
    ).toBe(true);
    return waiting?.recipients[0]?.lastReply ?? 'delivered';
  };
  const inClear = async (): Promise<Record<string, unknown>[]> =>
    (await gateway.events()).filter((event) => String(event['words']).startsWith('Sent in clear'));

  it('off never asks for it', async () => {
    hop.wish = { tls: await ca.sign(['localhost']) };

    expect(await send('off')).toBe('delivered');
    expect(hop.messages[0]).toMatchObject({ isSecure: false });
  });

  it('opportunistic uses it with whatever certificate there is', async () => {
    hop.wish = { tls: await ca.sign(['other.test']) };

    expect(await send('opportunistic')).toBe('delivered');
    expect(hop.messages[0]).toMatchObject({ isSecure: true });
  });

  it('opportunistic sends in clear when it is not offered or fails, and records it', async () => {
    hop.wish = {};
    expect(await send('opportunistic')).toBe('delivered');
    hop.wish = { tls: await ca.sign(['localhost']), reactions: { STARTTLS: '454 4.7.0 not now' } };
    expect(await send('opportunistic')).toBe('delivered');
    hop.wish = { tls: await ca.sign(['localhost']), reactions: { STARTTLS: '220 go\r\nthis is no TLS' } };
    expect(await send('opportunistic')).toBe('delivered');

    hop.wish = { tls: await ca.sign(['localhost']), reactions: { STARTTLS: 'drop' } };
    expect(await send('opportunistic')).toBe('delivered');

    expect(hop.messages.map(({ isSecure }) => isSecure)).toEqual([false, false, false, false]);
    await expect.poll(inClear, { timeout: 8000 }).toHaveLength(4);
  });

  it('required takes a certificate of our own CA for the right name', async () => {
    hop.wish = { tls: await ca.sign(['localhost']) };

    expect(await send('required', ca.certificate)).toBe('delivered');
    expect(hop.messages[0]).toMatchObject({ isSecure: true });
  });

  it.each([
    ['a name that is not the next hop’s', () => ca.sign(['other.test']), true],
    ['a CA that nobody trusts', () => ca.sign(['localhost']), false],
    [
      'a certificate that has expired',
      () => ca.sign(['localhost'], { notBefore: '20200101000000Z', notAfter: '20210101000000Z' }),
      true,
    ],
  ])('required refuses %s and sends nothing', async (_, certificate, isTrusted) => {
    hop.wish = { tls: await certificate() };

    expect(await send('required', isTrusted ? ca.certificate : '')).toMatch(
      /^TLS with the next hop localhost \(127\.0\.0\.1, port \d+\) failed: /,
    );
    expect(hop.messages).toHaveLength(0);
  });

  it.each([
    ['is stripped', {}],
    ['is refused', { reactions: { STARTTLS: '454 4.7.0 not now' } }],
    ['comes with data in clear behind it', { reactions: { STARTTLS: '220 go\r\n250 injected' } }],
  ])('required sends nothing when STARTTLS %s', async (_, wish) => {
    hop.wish = { ...wish, ...(Object.keys(wish).length > 0 ? { tls: await ca.sign(['localhost']) } : {}) };

    expect(await send('required', ca.certificate)).toMatch(/STARTTLS|TLS/);
    expect(hop.messages).toHaveLength(0);
  });
});
