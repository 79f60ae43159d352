// The control socket: candidate and clock, lease, confirmation, and everything that can break in between.
import { randomUUID } from 'node:crypto';
import { stat, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { writeCurrent } from '../../gateway-agent/store/current.ts';
import { connectSmtp, greetedClient } from '../support/smtp-client.ts';
import { prepareGateway, startGateway, TestGateway } from '../support/smtp-gateway.ts';
import type { GatewayWish } from '../support/smtp-release.ts';
import { startNextHop } from '../support/smtp-next-hop.ts';

describe('the daemon', () => {
  const gateways: TestGateway[] = [];
  const keep = (gateway: TestGateway): TestGateway => {
    gateways.push(gateway);
    return gateway;
  };
  const open = async (wish: GatewayWish = {}): Promise<TestGateway> => keep(await startGateway(wish));
  const openProcess = async (wish: GatewayWish = {}): Promise<TestGateway> =>
    keep(await startGateway({ ...wish, asProcess: true }));
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  });

  it('without anything confirmed listens on nothing and answers', async () => {
    const gateway = keep(await prepareGateway());
    await gateway.start();

    const status = await gateway.status();

    expect(status).toMatchObject({ runningRevision: null, currentRevision: null, listeners: [], certificate: null });
    await expect(connectSmtp(gateway.port)).rejects.toThrow(/ECONNREFUSED/);
    expect((await gateway.apply({})).answer.ok).toBe(true);
    expect(await (await connectSmtp(gateway.port)).reply()).toMatch(/^220 /);
  });

  it('opens its socket for owner and group only, and its folders for itself', async () => {
    const gateway = await open();
    const modeOf = async (name: string) => (await stat(join(gateway.root, name))).mode & 0o777;

    expect(await modeOf('run/agent.sock')).toBe(0o660);
    expect(await modeOf('events')).toBe(0o700);
    expect(await modeOf('queue')).toBe(0o700);
  });

  it('is alone on its root folder', async () => {
    const gateway = await open();
    const second = new TestGateway(gateway.root, gateway.port, { asProcess: true });

    await second.start().catch(() => undefined); // the first one answers on the socket of both

    expect(await second.ended).toBe(1);
    expect(second.errors).toContain('Another daemon serves');
    expect(await (await connectSmtp(gateway.port)).reply()).toMatch(/^220 /);
  });

  it('serves a candidate, and goes back by itself when nobody confirms', async () => {
    const gateway = await open();
    const { currentRevision } = await gateway.status();

    const { pushId, revision, answer } = await gateway.apply({ deny: '127.0.0.2\n' }, 3);

    expect(answer).toMatchObject({ ok: true, value: { proof: { result: 'proved' } } });
    expect(await (await connectSmtp(gateway.port, { from: '127.0.0.2' })).reply()).toMatch(/^554 /);
    const pending = await gateway.status(pushId);
    expect(pending).toMatchObject({ runningRevision: revision, currentRevision, push: { outcome: 'pending' } });
    expect(pending.pending?.secondsLeft).toBeLessThanOrEqual(3);
    await expect.poll(async () => (await gateway.status()).pending, { timeout: 15_000 }).toBeNull();
    expect(await gateway.status(pushId)).toMatchObject({
      runningRevision: currentRevision,
      pending: null,
      push: { outcome: 'rolled-back', author: 'tester' },
    });
    expect(await (await connectSmtp(gateway.port, { from: '127.0.0.2' })).reply()).toMatch(/^220 /);
  });

  it('keeps what was confirmed, and still knows the push after a restart', async () => {
    const gateway = await openProcess();
    const { pushId, revision } = await gateway.apply({ deny: '127.0.0.2\n' }, 2);
    const rpc = await gateway.connect();

    expect(await rpc.ask({ ask: 'hold', pushId, revision })).toMatchObject({ ok: true });
    await delay(2100); // the clock stands still
    expect((await gateway.status()).pending).not.toBeNull();
    await writeCurrent(gateway.root, revision);
    expect(await rpc.ask({ ask: 'obey' })).toMatchObject({ ok: true, value: { runningRevision: revision } });
    rpc.close();
    expect(await gateway.stop()).toBe(0);
    await gateway.start();

    expect(await gateway.status(pushId)).toMatchObject({
      runningRevision: revision,
      push: { pushId, outcome: 'confirmed' },
    });
  });

  it('obeys what is written when the confirmation breaks off', async () => {
    const gateway = await open();
    const lost = await gateway.apply({ deny: '127.0.0.2\n' });
    const first = await gateway.connect();
    await first.ask({ ask: 'hold', pushId: lost.pushId, revision: lost.revision });

    first.close(); // nothing was written

    await expect
      .poll(() => gateway.outcomeOf(lost.pushId), { timeout: 8000 })
      .toMatchObject({ outcome: 'rolled-back' });
    const kept = await gateway.apply({ deny: '127.0.0.3\n' });
    const second = await gateway.connect();
    await second.ask({ ask: 'hold', pushId: kept.pushId, revision: kept.revision });
    await writeCurrent(gateway.root, kept.revision);

    second.close(); // written, but nobody said obey

    await expect.poll(() => gateway.outcomeOf(kept.pushId), { timeout: 8000 }).toMatchObject({ outcome: 'confirmed' });
    expect((await gateway.status()).runningRevision).toBe(kept.revision);
  });

  it('killed while a candidate is pending: serves the confirmed release and records that it went back', async () => {
    const gateway = await openProcess();
    const { currentRevision } = await gateway.status();
    const { pushId } = await gateway.apply({ deny: '127.0.0.2\n' });

    await gateway.stop('SIGKILL');
    await gateway.start();

    expect(await gateway.status(pushId)).toMatchObject({
      runningRevision: currentRevision,
      pending: null,
      push: { outcome: 'rolled-back', reason: expect.stringContaining('restarted') as string },
    });
    await gateway.stop();
    await gateway.start();
    const records = (await gateway.events()).filter((each) => each['pushId'] === pushId);
    expect(records.map((each) => each['outcome'])).toEqual(['pending', 'rolled-back']);
  });

  it('abandons a candidate at once', async () => {
    const gateway = await open();
    const { pushId } = await gateway.apply({ deny: '127.0.0.2\n' });

    expect(await gateway.ask({ ask: 'abandon', pushId: randomUUID() })).toMatchObject({
      problem: { code: 'not-pending' },
    });
    expect(await gateway.ask({ ask: 'abandon', pushId })).toMatchObject({ ok: true });

    expect(await gateway.outcomeOf(pushId)).toMatchObject({ outcome: 'rolled-back' });
    expect(await (await connectSmtp(gateway.port, { from: '127.0.0.2' })).reply()).toMatch(/^220 /);
  });

  it('grants one lease at a time and takes it back when its socket closes', async () => {
    const gateway = await open();
    const first = await gateway.connect();
    const second = await gateway.connect();
    const lease = () => ({ ask: 'lease', pushId: randomUUID(), author: 'tester' }) as const;

    expect(await first.ask(lease())).toMatchObject({ ok: true });
    expect(await second.ask(lease())).toMatchObject({
      ok: false,
      problem: { code: 'busy', other: { author: 'tester' } },
    });
    first.close();
    await expect.poll(() => second.ask(lease())).toMatchObject({ ok: true });
    second.close();
  });

  it('is busy while a candidate waits, and says who and how long', async () => {
    const gateway = await open();
    const { revision } = await gateway.apply({ deny: '127.0.0.2\n' }, 30);

    const { answer } = await gateway.apply({ deny: '127.0.0.3\n' });

    expect(answer).toMatchObject({ ok: false, problem: { code: 'busy', other: { revision, author: 'tester' } } });
    expect(answer.ok ? '' : answer.problem.message).toMatch(/(29|30) s more/);
  });

  it('serves no candidate without the lease', async () => {
    const gateway = await open();
    const { currentRevision } = await gateway.status();

    const answer = await gateway.ask({
      ask: 'serve-candidate',
      pushId: randomUUID(),
      revision: currentRevision ?? '',
      author: 'tester',
      confirmWithinSeconds: 5,
    });

    expect(answer).toMatchObject({ ok: false, problem: { code: 'busy' } });
  });

  it('refuses questions it does not know, and goes on', async () => {
    const gateway = await open();
    const socket = connect(join(gateway.root, 'run/agent.sock'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));

    socket.write('hello\n{"ask":"shutdown"}\n{"ask":"status"}\n');

    await expect.poll(() => text.split('\n').length, { timeout: 8000 }).toBe(4);
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(answers).toMatchObject([
      { ok: false, problem: { code: 'bad-request' } },
      { ok: false, problem: { code: 'bad-request' } },
      { ok: true },
    ]);
    socket.destroy();
  });

  it('explains an address by what runs and by another release', async () => {
    const gateway = await open({ deny: '127.0.0.2\n' });
    const explain = (address: string) => gateway.ask({ ask: 'explain', address });

    expect(await explain('::ffff:127.0.0.2')).toMatchObject({ value: { verdict: 'refuse', address: '127.0.0.2' } });
    expect(await explain('127.0.0.3')).toMatchObject({ value: { verdict: 'accept' } });
    expect(await explain('nonsense')).toMatchObject({ problem: { code: 'bad-request' } });
  });

  it('ends on SIGTERM: idle sessions at once, a message in transfer is finished first', async () => {
    const hop = await startNextHop();
    const gateway = await openProcess({ nextHop: hop.address });
    const idle = await greetedClient(gateway.port);
    const busy = await greetedClient(gateway.port);
    await busy.say('MAIL FROM:<a@client.test>');
    await busy.say('RCPT TO:<b@mx.test>');
    await busy.say('DATA');

    const stopped = gateway.stop('SIGTERM');

    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /);
    await expect(connectSmtp(gateway.port)).rejects.toThrow(/ECONNREFUSED/);
    busy.write('Subject: x\r\n\r\nHello\r\n.\r\n');
    expect(await busy.reply()).toMatch(/^250 /);
    expect(await busy.reply()).toMatch(/^421 /);
    expect(await stopped).toBe(0);
    expect(hop.messages).toHaveLength(1);
    await hop.close();
  });

  it('ends in time although the next hop hangs; the client is told to come again', async () => {
    const hop = await startNextHop({ reactions: { RCPT: 'hang' } });
    const gateway = await open({ nextHop: hop.address });
    const client = await greetedClient(gateway.port);
    expect(await client.sendMail({})).toMatch(/^250 /);
    await client.say('MAIL FROM:<a@client.test>');
    await expect.poll(() => hop.commands.length, { timeout: 8000 }).toBeGreaterThanOrEqual(3);
    const started = performance.now();

    await gateway.stop();

    expect(await client.reply()).toMatch(/^421 4\.3\.2 /);
    expect(performance.now() - started).toBeLessThan(30_000); // the next hop has five minutes
    hop.wish = {};
    await gateway.start(); // what was broken off is delivered now
    await hop.received(1);
    await hop.close();
  });

  it('SIGHUP serves what `current` says now', async () => {
    const gateway = await openProcess();
    const { pushId, revision } = await gateway.apply({ deny: '127.0.0.2\n' });
    await gateway.ask({ ask: 'abandon', pushId });
    await writeCurrent(gateway.root, revision);

    gateway.signal('SIGHUP');

    await expect.poll(async () => (await gateway.status()).runningRevision, { timeout: 8000 }).toBe(revision);
  });

  it('records a push that never became a candidate', async () => {
    const gateway = await open();
    const pushId = randomUUID();
    const push = { pushId, revision: 'a'.repeat(64), author: 'tester', at: new Date().toISOString() };

    await gateway.ask({ ask: 'record', push: { ...push, outcome: 'refused', reason: 'port-taken' } });

    expect(await gateway.outcomeOf(pushId)).toMatchObject({ outcome: 'refused', reason: 'port-taken' });
  });

  it('holds no private key in its log', async () => {
    const { createCa } = await import('../support/smtp-certificates.ts');
    const ca = await createCa();
    const gateway = await openProcess();
    await gateway.push({ offersStartTls: true, ...(await ca.sign(['gateway.test'])) });
    await gateway.stop();

    const log = JSON.stringify(await gateway.events()) + gateway.errors;

    expect(log).not.toContain('PRIVATE KEY');
    expect(await readFile(join(gateway.root, 'current'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    await ca.close();
  });
});
