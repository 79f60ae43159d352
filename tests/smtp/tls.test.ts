// STARTTLS: offered, required, good and bad certificates, a swap in place, and a failed change that harms nothing.
import { setTimeout as delay } from 'node:timers/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCurrent } from '../../gateway-agent/store/current.ts';
import { storeRelease } from '../../gateway-agent/store/release-store.ts';
import { createCa, type TestCa, type TestCertificate } from '../support/smtp-certificates.ts';
import { connectSmtp, greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { buildRelease } from '../support/smtp-release.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

describe('incoming TLS', () => {
  let ca: TestCa;
  let good: TestCertificate;
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    ca = await createCa();
    good = await ca.sign(['gateway.test']);
    hop = await startNextHop();
    gateway = await startGateway({
      asProcess: true,
      nextHop: hop.address,
      offersStartTls: true,
      ...good,
      caCertificate: ca.certificate,
    });
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
    await ca.close();
  });

  const servedCertificate = async (): Promise<string> => {
    const client = await greetedClient(gateway.port);
    const secure = await client.startTls();
    const fingerprint = secure.getPeerX509Certificate()?.fingerprint256 ?? '';
    client.close();
    return fingerprint;
  };

  it('is offered, serves the chain with the CA behind it, and carries mail', async () => {
    const client = await connectSmtp(gateway.port);
    await client.reply();

    expect(await client.say('EHLO client.test')).toMatch(/^250[- ]STARTTLS/m);
    const secure = await client.startTls({ ca: ca.certificate, servername: 'gateway.test', rejectUnauthorized: true });
    expect(secure.authorized).toBe(true);
    expect(secure.getProtocol()).toBe('TLSv1.3');
    expect(secure.getPeerX509Certificate()?.issuerCertificate?.subject).toBe('CN=Test CA');
    expect(await client.say('EHLO client.test')).not.toContain('STARTTLS');
    expect(await client.sendMail({})).toMatch(/^250 /);

    const [message] = await hop.received(1);
    expect(message?.content).toMatch(/using TLSv1\.3 with cipher TLS_\w+\)[^]*with ESMTPS id/);
    client.close();
  });

  it('takes TLS 1.2 with forward secrecy and nothing below it', async () => {
    const modern = await greetedClient(gateway.port);
    expect((await modern.startTls({ maxVersion: 'TLSv1.2' })).getCipher().name).toMatch(/^ECDHE-/);
    modern.close();

    for (const options of [
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES256-GCM-SHA384' },
    ] as const) {
      const old = await greetedClient(gateway.port);
      await expect(old.startTls(options)).rejects.toThrow(/alert|closed|ECONNRESET|disconnected|protocol/i);
      old.close();
    }
  });

  it('survives a handshake of garbage and frees its place', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('STARTTLS');

    client.write('this is no handshake at all, not by far\r\n'.repeat(10));

    expect(await client.closes()).toBe(true);
    await expect.poll(async () => (await gateway.status()).connections.now, { timeout: 8000 }).toBe(0);
    expect(await servedCertificate()).not.toBe('');
  });

  it('runs nothing that was pipelined behind STARTTLS', async () => {
    const client = await greetedClient(gateway.port);

    client.write('STARTTLS\r\nMAIL FROM:<evil@client.test>\r\nRCPT TO:<b@mx.test>\r\n');
    expect(await client.reply()).toMatch(/^220 /);
    await client.handshake();

    expect(await client.say('MAIL FROM:<a@client.test>')).toMatch(/^503 /); // EHLO is forgotten too
    expect(await client.say('EHLO client.test')).toMatch(/^250/);
    expect(await client.say('RCPT TO:<b@mx.test>')).toMatch(/^503 /);
    client.close();
  });

  it('refuses STARTTLS with words behind it, and a second one', async () => {
    const client = await greetedClient(gateway.port);

    expect(await client.say('STARTTLS now')).toMatch(/^501 /);
    await client.startTls();
    await client.say('EHLO client.test');
    expect(await client.say('STARTTLS')).toMatch(/^50[03] /);
    client.close();
  });

  it('swaps the certificate in place: open sessions go on, new ones see the new one', async () => {
    const before = await servedCertificate();
    const client = await greetedClient(gateway.port);
    await client.startTls();
    await client.say('EHLO client.test');
    await client.say('MAIL FROM:<a@client.test>');

    const served = await gateway.push({ ...(await ca.sign(['gateway.test', 'second.test'])) });

    const after = await servedCertificate();
    expect(after).not.toBe(before);
    expect(served.proof.listeners[0]).toMatchObject({ result: 'proved', fingerprint: after });
    expect(await client.say('RCPT TO:<b@mx.test>')).toMatch(/^250 /);
    client.close();
  });

  it.each([
    ['a key of another certificate', async () => ({ privateKey: (await ca.sign(['x.test'])).privateKey })],
    ['no PEM at all', () => Promise.resolve({ certificate: 'hello' })],
    ['a key in the certificate field', () => Promise.resolve({ certificate: good.privateKey })],
    [
      'an expired certificate',
      () => ca.sign(['gateway.test'], { notBefore: '20200101000000Z', notAfter: '20210101000000Z' }),
    ],
  ])('refuses %s and goes on serving the last good one', async (_, files) => {
    const before = await servedCertificate();

    const { answer } = await gateway.apply(await files());

    expect(answer).toMatchObject({ ok: false, problem: { code: 'certificate-rejected' } });
    expect(await servedCertificate()).toBe(before);
  });

  it('keeps the last good certificate when a reload by SIGHUP fails', async () => {
    const before = await servedCertificate();
    const { currentRevision } = await gateway.status();
    const broken = buildRelease({ port: gateway.port, offersStartTls: true, certificate: 'x', privateKey: 'y' });
    await storeRelease(gateway.root, broken, 'tester');
    await writeCurrent(gateway.root, broken.revision);

    gateway.signal('SIGHUP');

    await expect.poll(async () => (await gateway.status()).notices.join()).toMatch(/certificate/i);
    expect(await servedCertificate()).toBe(before);
    expect((await gateway.status()).runningRevision).toBe(currentRevision);
    await writeCurrent(gateway.root, currentRevision ?? '');
    gateway.signal('SIGHUP');
    await expect.poll(async () => (await gateway.status()).notices, { timeout: 8000 }).toEqual([]);
  });

  it('refuses a release that was damaged on disk and serves on', async () => {
    const release = buildRelease({ port: gateway.port, deny: '127.0.0.2\n' });
    await storeRelease(gateway.root, release, 'tester');
    await mkdir(join(gateway.root, 'releases', release.revision, 'lists'), { recursive: true });
    await writeFile(join(gateway.root, 'releases', release.revision, 'lists/deny.txt'), '127.0.0.3\n');
    const before = await servedCertificate();
    const { currentRevision } = await gateway.status();
    await writeCurrent(gateway.root, release.revision);

    gateway.signal('SIGHUP');
    await delay(200);

    expect(await servedCertificate()).toBe(before);
    await writeCurrent(gateway.root, currentRevision ?? '');
  });

  it('required: nothing but the handshake goes before it', async () => {
    await gateway.push({ requiresStartTls: true });
    const client = await greetedClient(gateway.port);

    for (const line of ['MAIL FROM:<a@client.test>', 'RCPT TO:<b@mx.test>', 'DATA', 'VRFY b', 'BDAT 5']) {
      expect(await client.say(line)).toMatch(/^530 5\.7\.0 .*\([A-Z2-9]{8}\)$/);
    }
    for (const line of ['NOOP', 'RSET', 'HELO client.test', 'EHLO client.test']) {
      expect(await client.say(line)).toMatch(/^250/);
    }
    await client.startTls();
    await client.say('EHLO client.test');
    expect(await client.sendMail({})).toMatch(/^250 /);
    expect((await gateway.status()).refused['tls-requirement']).toBe(5);
    client.close();
    await gateway.push({ requiresStartTls: false });
  });

  it('switched off: STARTTLS is unknown again', async () => {
    const served = await gateway.push({ offersStartTls: false });
    const client = await connectSmtp(gateway.port);
    await client.reply();

    expect(served.proof.result).toBe('proved');
    expect(await client.say('EHLO client.test')).not.toContain('STARTTLS');
    expect(await client.say('STARTTLS')).toMatch(/^500 /);
    client.close();
  });
});
