// Which server gets a message, and what its sender hears when none does: routes, MX, retries, notices, the operator.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { MailResolver } from '../../gateway-agent/delivery/find-servers.ts';
import { findFreePort } from '../support/free-port.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop, type NextHopWish, type TestNextHop } from '../support/smtp-next-hop.ts';

const closers: (() => Promise<void>)[] = [];
const open = async (wish: Parameters<typeof startGateway>[0]): Promise<TestGateway> => {
  const gateway = await startGateway(wish);
  closers.push(() => gateway.close());
  return gateway;
};
const hopWith = async (wish: NextHopWish = {}): Promise<TestNextHop> => {
  const hop = await startNextHop(wish);
  closers.push(() => hop.close());
  return hop;
};
const send = async (
  gateway: TestGateway,
  mail: Parameters<Awaited<ReturnType<typeof greetedClient>>['sendMail']>[0],
) => {
  const client = await greetedClient(gateway.port);
  const reply = await client.sendMail(mail);
  client.close();
  expect(reply).toMatch(/^250 /);
  return /Queued as (\w+)/.exec(reply)?.[1] ?? '';
};
const anyDomain = { relayDomains: ['mx.test', '*.mx.test', 'other.test', 'big.test'] };

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('a route', () => {
  it('by address beats its domain, a domain beats the star, any row beats the next hop', async () => {
    const [address, domain, star, rest] = [await hopWith(), await hopWith(), await hopWith(), await hopWith()];
    const to = (hop: TestNextHop) => ({ kind: 'static' as const, servers: [{ ...hop.address, preference: 10 }] });
    const gateway = await open({
      rule: anyDomain,
      nextHop: rest.address,
      delivery: {
        routes: [
          { match: 'ada@mx.test', to: to(address), outgoing: null },
          { match: 'mx.test', to: to(domain), outgoing: null },
          { match: '*.mx.test', to: to(star), outgoing: null },
        ],
      },
    });

    await send(gateway, { to: ['Ada@mx.test', 'bob@mx.test', 'bob@deep.mx.test', 'bob@other.test'] });

    expect((await address.received(1))[0]?.to).toEqual(['Ada@mx.test']);
    expect((await domain.received(1))[0]?.to).toEqual(['bob@mx.test']);
    expect((await star.received(1))[0]?.to).toEqual(['bob@deep.mx.test']);
    expect((await rest.received(1))[0]?.to).toEqual(['bob@other.test']);
  });

  it('goes on to the next server when one cannot be reached or refuses us', async () => {
    const refuses = await hopWith({ reactions: { greeting: '554 5.7.1 Go away' } });
    const takes = await hopWith();
    const dead = { host: '127.0.0.1', port: await findFreePort(), preference: 1 };
    const servers = [dead, { ...refuses.address, preference: 2 }, { ...takes.address, preference: 3 }];
    const gateway = await open({
      delivery: { routes: [{ match: 'mx.test', to: { kind: 'static', servers }, outgoing: null }] },
    });

    await send(gateway, {});

    await takes.received(1);
    expect(refuses.connections).toBe(1);
  });

  it('by MX follows the records, and a null MX returns the mail at once', async () => {
    const hop = await hopWith();
    const resolver: MailResolver = {
      resolveMx: (name) =>
        Promise.resolve(
          name === 'other.test' ? [{ priority: 0, exchange: '' }] : [{ priority: 10, exchange: 'm.test' }],
        ),
      addressesOf: () => Promise.resolve(['127.0.0.1']),
    };
    const mx = { kind: 'mx' as const, name: null, port: hop.port };
    const gateway = await open({
      rule: anyDomain,
      resolvers: { mail: resolver },
      delivery: {
        routes: ['mx.test', 'other.test', 'client.test'].map((match) => ({ match, to: mx, outgoing: null })),
      },
    });

    await send(gateway, { to: ['b@mx.test', 'b@other.test'] });

    const messages = await hop.received(2);
    expect(messages.find(({ from }) => from !== '')?.to).toEqual(['b@mx.test']);
    expect(messages.find(({ from }) => from === '')?.content).toMatch(/Status: 5\.1\.10\r\n[^]*takes no mail/);
  });

  it('with 250 recipients takes three transactions, and 452 begins the next one', async () => {
    let count = 0;
    const full = await hopWith({
      reactions: {
        MAIL: () => ((count = 0), undefined),
        RCPT: () => ((count += 1) > 40 ? '452 4.5.3 Too many recipients' : undefined),
      },
    });
    const hop = await hopWith();
    const gateway = await open({
      rule: anyDomain,
      nextHop: hop.address,
      delivery: {
        routes: [
          {
            match: 'big.test',
            to: { kind: 'static', servers: [{ ...full.address, preference: 1 }] },
            outgoing: null,
          },
        ],
      },
    });
    const many = (domain: string, number: number) => Array.from({ length: number }, (_, at) => `r${at}@${domain}`);

    await send(gateway, { to: [...many('mx.test', 250), ...many('big.test', 100)] });
    await gateway.drained();

    expect(hop.messages.map(({ to }) => to.length)).toEqual([100, 100, 50]);
    expect(full.messages.map(({ to }) => to.length)).toEqual([40, 40, 20]);
    expect(new Set(full.messages.flatMap(({ to }) => to)).size).toBe(100);
  });
});

describe('a message that waits', () => {
  /** An hour of the schedule passes in 60 × 20 ms. */
  const fast = { minuteMilliseconds: 20, idleTimeoutMinutes: 1400 };
  const later = { RCPT: (line: string) => (line.includes('mx.test') ? '451 4.3.0 Later' : undefined) };

  it('is announced as delayed once, then returned when its time is over', async () => {
    const hop = await hopWith({ reactions: later });
    const gateway = await open({
      ...fast,
      nextHop: hop.address,
      delivery: { delayNoticeAfterHours: 1, giveUpAfterHours: 3 },
    });

    await send(gateway, {});
    await gateway.drained();

    const notices = hop.messages.map(({ content }) => /Action: (\w+)\r\nStatus: ([\d.]+)/.exec(content)?.slice(1));
    expect(notices).toEqual([
      ['delayed', '4.3.0'],
      ['failed', '4.4.7'],
    ]);
    expect(hop.messages[0]!.content).toContain('Will-Retry-Until: ');
    await gateway.waitForEvent(({ event, domain }) => event === 'bounced' && domain === 'mx.test');
    const attempts = (await gateway.events()).filter(
      ({ event, domain }) => event === 'deferred' && domain === 'mx.test',
    );
    expect(attempts.length).toBeGreaterThanOrEqual(6); // after 1, 5, 15, 30 min, then hourly
  });

  it('is tried at once when the operator says so, stays while it is held, and can be returned', async () => {
    const hop = await hopWith({ reactions: later });
    const gateway = await open({ nextHop: hop.address });
    const ids = [await send(gateway, { body: 'Subject: one\r\n\r\nHello\r\n' }), await send(gateway, {})];
    const act = async (action: 'retry' | 'hold' | 'release' | 'remove' | 'restore' | 'bounce', id = ids[0]) =>
      (await gateway.queue({ kind: 'act', action, ids: [id ?? ''] })).changed;
    const states = async () => (await gateway.queued()).map(({ recipients }) => recipients[0]?.state);
    await expect.poll(states).toEqual(['deferred', 'deferred']);

    expect(await act('hold')).toBe(1);
    expect(await states()).toEqual(['held', 'deferred']);
    expect(await gateway.queue({ kind: 'show', id: ids[0] ?? '' })).toMatchObject({
      header: expect.stringMatching(/^Received: [^]*Subject: one/),
      entries: [{ id: ids[0], sender: 'a@client.test', recipients: [{ lastReply: '451 4.3.0 Later', attempts: 1 }] }],
    });
    expect((await gateway.queue({ kind: 'list', state: 'held', limit: 10 })).entries).toHaveLength(1);
    expect((await gateway.queue({ kind: 'list', error: 'later', limit: 1 })).hasMore).toBe(true);
    expect(await act('release')).toBe(1);
    expect(await act('remove')).toBe(1);
    expect(await act('restore')).toBe(1);

    expect(await act('bounce')).toBe(1);
    const [bounce] = await hop.received(1);
    expect(bounce).toMatchObject({ from: '', to: ['a@client.test'] });
    expect(bounce!.content).toMatch(/Returned by the operator/);

    hop.wish = {};
    expect(await act('retry', ids[1])).toBe(1);
    expect((await hop.received(2))[1]).toMatchObject({ to: ['b@mx.test'] });
    await gateway.drained();
    expect(await act('retry', ids[1])).toBe(0);
  });

  it('is not delivered any more when it was removed or returned while it waited in line', async () => {
    let isOpen = false;
    const hop = await hopWith({
      reactions: { RCPT: (line) => (isOpen || !line.includes('first') ? undefined : 'hang') },
    });
    const gateway = await open({ nextHop: hop.address, delivery: { maxConnectionsPerDestination: 1 } });
    const first = await send(gateway, { to: ['first@mx.test'] });
    await expect.poll(() => hop.commands.some((line) => line.includes('first'))).toBe(true);
    const [removed, returned, kept] = [await send(gateway, {}), await send(gateway, {}), await send(gateway, {})];

    await gateway.queue({ kind: 'act', action: 'remove', ids: [removed] });
    const answer = gateway.queue({ kind: 'act', action: 'bounce', ids: [first, returned] });
    const isHeld = async () => (await gateway.queued()).find(({ id }) => id === first)?.recipients[0]?.state;
    await expect.poll(isHeld).toBe('held'); // the return has begun and waits for the hand-over
    isOpen = true;
    hop.dropAll(); // the first one is put off, the line moves on

    expect((await answer).changed).toBe(2);
    const messages = await hop.received(3);
    expect(messages.filter(({ from }) => from === '')).toHaveLength(2);
    expect(messages.find(({ from }) => from !== '')?.content).toContain(`id ${kept}`);
    expect(await gateway.queued()).toMatchObject([{ id: removed, removedAt: expect.any(String) }]);
  });

  it('is delivered after a restart', async () => {
    const hop = await hopWith({ reactions: later });
    const gateway = await open({ nextHop: hop.address, asProcess: true });
    const id = await send(gateway, {});
    await expect.poll(async () => (await gateway.queued())[0]?.recipients[0]?.attempts).toBe(1);

    expect(await gateway.stop()).toBe(0);
    hop.wish = {};
    await gateway.start();

    expect(await gateway.queued()).toMatchObject([{ id, recipients: [{ attempts: 1, state: 'deferred' }] }]);
    await gateway.queue({ kind: 'act', action: 'retry', ids: [id] });
    await hop.received(1);
  });
});

describe('connections to a next hop', () => {
  it('grow with the queue up to the limit and are kept', async () => {
    const hop = await hopWith({ reactions: { dot: 'hang' } });
    const gateway = await open({ nextHop: hop.address, delivery: { maxConnectionsPerDestination: 7 } });

    const client = await greetedClient(gateway.port);
    for (let number = 0; number < 60; number += 1) await client.sendMail({});
    await expect.poll(() => hop.connections).toBe(7);
    await delay(200);

    expect(hop.connections).toBe(7);
    client.close();
  });
});
