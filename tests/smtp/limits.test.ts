// Limits that hold against clients which behave badly on purpose, and the counters that show it.
import dns from 'node:dns';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectSmtp, greetedClient, type SmtpClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

describe('simultaneous connections', () => {
  let gateway: TestGateway;
  const clients: SmtpClient[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ maxConnections: 3 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    while ((await gateway.status()).connections.now > 0) await delay(10);
  });
  afterAll(() => gateway.close());

  const open = async (from = '127.0.0.1'): Promise<SmtpClient> => {
    const client = await connectSmtp(gateway.port, { from });
    clients.push(client);
    return client;
  };

  it('refuses the 4th connection when the limit is 3, and counts it', async () => {
    for (let index = 0; index < 3; index += 1) expect(await (await open()).reply()).toMatch(/^220 /);

    const fourth = await open('127.0.0.9');

    expect(await fourth.reply()).toMatch(/^421 4\.3\.2 .*\([A-Z2-9]{8}\)$/);
    expect(await fourth.closes()).toBe(true);
    const status = await gateway.status();
    expect(status.connections).toMatchObject({ now: 3, limit: 3, peak: 3 });
    expect(status.refused).toMatchObject({ 'simultaneous-connections': 1 });
  });

  it('has room again as soon as one is closed', async () => {
    for (let index = 0; index < 3; index += 1) await (await open()).reply();

    await clients[0]!.say('QUIT');

    expect(await (await open()).reply()).toMatch(/^220 /);
  });

  it('cuts nobody when the limit is lowered, and proves a full listener', async () => {
    for (let index = 0; index < 3; index += 1) await (await open()).reply();

    const served = await gateway.push({ maxConnections: 1 });

    expect(served.proof.result).toBe('proved');
    for (const client of clients) expect(await client.say('NOOP')).toMatch(/^250 /);
    expect(await (await open()).reply()).toMatch(/^421 4\.3\.2 /);
    await gateway.push({ maxConnections: 3 });
  });

  it('counts one number over old and new listeners', async () => {
    await (await open()).reply();
    await (await open()).reply();
    const { findFreePort } = await import('../support/free-port.ts');

    await gateway.push({ port: await findFreePort() });

    await (await open()).reply();
    expect(await (await open()).reply()).toMatch(/^421 /);
  });

  it('proves a gateway that denies everybody', async () => {
    const { answer } = await gateway.apply({ mode: 'deny-except' }, 1);

    expect(answer).toMatchObject({ ok: true, value: { proof: { result: 'proved' } } });
    expect(await (await open()).reply()).toMatch(/^554 5\.7\.1 /);
    await delay(1100);
  });
});

describe('a client that wastes time', () => {
  let gateway: TestGateway;
  let hop: TestNextHop;

  beforeAll(async () => {
    hop = await startNextHop();
    gateway = await startGateway({ nextHop: hop.address, idleTimeoutMinutes: 1, minuteMilliseconds: 600 });
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
  });

  /** True when it was cut while it was still dripping: four seconds and more, against a time-out of 0.6 s. */
  const drip = async (client: SmtpClient, bytes: string): Promise<boolean> => {
    for (const byte of bytes.repeat(100)) {
      if (client.socket.destroyed || client.socket.readableEnded) return true;
      client.write(byte);
      await delay(40);
    }
    return false;
  };

  it('is cut when it drips a command line byte by byte', async () => {
    const client = await greetedClient(gateway.port);

    const isCut = drip(client, 'N');

    expect(await client.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await isCut).toBe(true);
  });

  it('is cut when it drips a message byte by byte, and nothing of it is delivered', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');
    await client.say('RCPT TO:<b@mx.test>');
    await client.say('DATA');

    const isCut = drip(client, 'x\r\n');

    expect(await client.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await isCut).toBe(true);
    expect(hop.messages).toHaveLength(0);
  });

  it('is cut when it starts TLS and never finishes the handshake', async () => {
    const { createCa } = await import('../support/smtp-certificates.ts');
    const ca = await createCa();
    await gateway.push({ offersStartTls: true, ...(await ca.sign(['gateway.test'])) });
    await ca.close();
    const client = await greetedClient(gateway.port);
    await client.say('STARTTLS');

    client.write('\x16\x03\x01');

    await expect.poll(async () => (await gateway.status()).connections.now, { timeout: 8000 }).toBe(0);
    client.close();
  });

  it('is not cut while it is us whom it waits for', async () => {
    const silence = new Promise<never>(() => undefined);
    const nothing = { resolveMx: () => silence, resolve4: () => silence, resolve6: () => silence };
    const slow = { ...nothing, reverse: () => delay(1500).then(() => ['client.test']) };
    const own = await startGateway({
      resolvers: { origin: slow },
      idleTimeoutMinutes: 1,
      minuteMilliseconds: 600,
      rule: { rejectsClientWithoutReverseDns: true },
    });
    const client = await greetedClient(own.port);

    expect(await client.say('MAIL FROM:<a@client.test>')).toMatch(/^250 /); // after 1.5 s of DNS, not cut at 0.6
    client.close();
    await own.close();
  });
});

describe('a client that talks too much', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());

  it('is cut at 100 commands that move no message', async () => {
    const client = await greetedClient(gateway.port);

    client.write('NOOP\r\n'.repeat(120));
    const replies: string[] = [];
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) replies.push(reply);

    expect(replies).toHaveLength(99); // EHLO was the first
    expect(replies.at(-1)).toMatch(/^421 4\.7\.0 /);
  });

  it('is cut at 20 errors', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@client.test>');

    const replies: string[] = [];
    for (let index = 0; index < 20; index += 1) replies.push(await client.say(`RCPT TO:<b${index}@foreign.test>`));

    expect(replies.every((reply) => reply.startsWith('550 5.7.1 '))).toBe(true);
    expect(await client.reply()).toMatch(/^421 4\.7\.0 /);
    expect(await client.closes()).toBe(true);
  });

  it('gets the answers to a pipeline in a single write', async () => {
    const client = await greetedClient(gateway.port);
    let chunks = 0;
    client.socket.on('data', () => (chunks += 1));

    client.write('NOOP\r\n'.repeat(20));
    for (let index = 0; index < 20; index += 1) await client.reply();

    expect(chunks).toBe(1);
    client.close();
  });
});

describe('the door', () => {
  it('asks no DNS about anybody', async () => {
    const gateway = await startGateway({ deny: '127.0.0.2\n' });
    const questions = [vi.spyOn(dns, 'reverse'), vi.spyOn(dns, 'lookup'), vi.spyOn(dns, 'resolve')];

    const denied = await connectSmtp(gateway.port, { from: '127.0.0.2' });
    expect(await denied.reply()).toMatch(/^554 /);
    (await greetedClient(gateway.port)).close();

    for (const question of questions) expect(question).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    await gateway.close();
  });
});

describe('the banner', () => {
  it('comes at once', async () => {
    const gateway = await startGateway();
    const times: number[] = [];

    for (let index = 0; index < 10; index += 1) {
      const started = performance.now();
      const client = await connectSmtp(gateway.port);
      await client.reply();
      times.push(performance.now() - started);
      client.close();
    }

    expect(Math.min(...times)).toBeLessThan(50); // a fixed wait would show in each of them
    await gateway.close();
  });
});

describe('the event log', () => {
  it('holds rule, entry and the reference that the client saw', async () => {
    const gateway = await startGateway({ deny: '127.0.0.0/30 # neighbours\n127.0.0.2\n' });

    const client = await connectSmtp(gateway.port, { from: '127.0.0.2' });
    const ref = /\((\w+)\)$/.exec(await client.reply())?.[1];

    const event = await gateway.waitForEvent((each) => each['ref'] === ref);
    expect(event).toMatchObject({ event: 'refused', peer: '127.0.0.2', rule: 'deny-list', reply: '554 5.7.1' });
    expect(event['entry']).toMatch(/127\.0\.0\.2/);
    await gateway.close();
  });

  it('holds refusals of the protocol, of limits and of the clock under their references too', async () => {
    const gateway = await startGateway({ idleTimeoutMinutes: 1, minuteMilliseconds: 400, rule: { maxRecipients: 1 } });
    const client = await greetedClient(gateway.port);
    const replies = [await client.say('WIZ'), await client.say('DATA'), await client.say('MAIL FROM:<ä@x>')];
    replies.push(await client.reply()); // idle

    const refs = replies.map((reply) => /\(([A-Z2-9]{8})\)$/.exec(reply)?.[1]);
    await gateway.waitForEvent((each) => each['ref'] === refs[3]);
    const events = await gateway.events();

    expect(refs.map((ref) => events.find((each) => each['ref'] === ref)?.['rule'])).toEqual([
      'protocol',
      'protocol',
      'protocol',
      'idle-timeout',
    ]);
    await gateway.close();
  });

  it('holds no word of a message', async () => {
    const hop = await startNextHop();
    const gateway = await startGateway({ nextHop: hop.address });
    const client = await greetedClient(gateway.port);

    await client.sendMail({ body: 'Subject: topsecret\r\n\r\ntopsecret\r\n' });
    await gateway.waitForEvent((each) => each['event'] === 'delivered');

    expect(JSON.stringify(await gateway.events())).not.toContain('topsecret');
    client.close();
    await gateway.close();
    await hop.close();
  });
});
