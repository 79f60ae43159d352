// Real programs deliver through the gateway to Postfix' smtp-sink: swaks, Postfix itself and smtp-source.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCa, type TestCa } from '../support/smtp-certificates.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startPostfix } from '../support/smtp-postfix.ts';
import { startSink, type SmtpSink } from '../support/smtp-sink.ts';

const run = promisify(execFile);

describe('a real mail program', () => {
  let ca: TestCa;
  let sink: SmtpSink;
  let gateway: TestGateway;

  beforeAll(async () => {
    ca = await createCa();
    sink = await startSink();
    gateway = await startGateway({
      asProcess: true,
      nextHop: sink.address,
      deny: '127.0.0.66\n',
      offersStartTls: true,
      ...(await ca.sign(['gateway.test'])),
    });
  });
  afterAll(async () => {
    await gateway.close();
    await sink.close();
    await ca.close();
  });

  const swaks = async (...args: string[]): Promise<{ code: number; output: string }> => {
    const common = ['--server', `127.0.0.1:${gateway.port}`, '--from', 'a@client.test', '--to', 'b@mx.test'];
    return run('swaks', [...common, ...args]).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, output: error.stdout }),
    );
  };

  it('swaks delivers in clear', async () => {
    const { code, output } = await swaks('--body', 'in clear by swaks');

    expect(output).toMatch(/<- {2}250 2\.0\.0 /);
    expect(code).toBe(0);
    await gateway.drained();
    expect((await sink.messages()).at(-1)).toMatch(/with ESMTP id[^]*in clear by swaks/);
  });

  it('swaks delivers over TLS, with a body of many lines that start with dots', async () => {
    const { code, output } = await swaks('--tls', '--body', '.\n..\n. by swaks over TLS');

    expect(output).toMatch(/TLS started with cipher TLSv1\.3/);
    expect(code).toBe(0);
    await gateway.drained();
    expect((await sink.messages()).join()).toMatch(/with ESMTPS id[^]*by swaks over TLS/);
  });

  it('swaks from a denied address is refused with 554', async () => {
    const { code, output } = await swaks('--local-interface', '127.0.0.66');

    expect(output).toMatch(/<\*\* 554 5\.7\.1 Connection refused \(\w{8}\)/);
    expect(code).not.toBe(0);
  });

  it('swaks to a foreign recipient is refused with 550', async () => {
    const { code, output } = await swaks('--to', 'b@foreign.test');

    expect(output).toMatch(/<\*\* 550 5\.7\.1 Relaying denied/);
    expect(code).not.toBe(0);
  });

  it('swaks in clear is refused with 530 where TLS is required, and taken with it', async () => {
    await gateway.push({ requiresStartTls: true });

    expect((await swaks()).output).toMatch(/<\*\* 530 5\.7\.0 /);
    expect((await swaks('--tls')).code).toBe(0);
    await gateway.push({ requiresStartTls: false });
  });

  it('smtp-source sends 200 messages in 10 sessions, and none is lost', async () => {
    const before = (await sink.messages()).length;
    const sizes = ['-l', '4000', '-m', '200', '-s', '10', '-f', 'a@client.test', '-t', 'b@mx.test'];

    await run('/usr/sbin/smtp-source', [...sizes, `127.0.0.1:${gateway.port}`]);

    await gateway.drained();
    expect((await sink.messages()).length - before).toBe(200);
  });

  it.each([
    ['over TLS', 'encrypt' as const, /with ESMTPS id/],
    ['in clear', 'none' as const, /with ESMTP id/],
  ])('Postfix delivers %s: several recipients, 8-bit text, a refused recipient', async (_, tlsLevel, trace) => {
    const postfix = await startPostfix({ relayPort: gateway.port, bindAddress: '127.0.0.5', tlsLevel });
    const content =
      'Subject: from Postfix\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n\nGrüße über Postfix\n.\n';

    await postfix.send({ from: 'a@client.test', to: ['b@mx.test', 'c@mx.test', 'd@foreign.test'], content });

    const log = await postfix.waitForLog(
      /to=<c@mx\.test>.*status=[^]*to=<d@foreign\.test>.*status=|to=<d@foreign\.test>.*status=[^]*to=<c@mx\.test>.*status=/,
    );
    expect(log).toMatch(/to=<b@mx\.test>.*status=sent \(250 2\.0\.0/);
    expect(log).toMatch(/to=<c@mx\.test>.*status=sent \(250 2\.0\.0/);
    expect(log).toMatch(/to=<d@foreign\.test>.*status=bounced .*550 5\.7\.1 Relaying denied/);
    await gateway.drained();
    const message = (await sink.messages()).findLast((each) => each.includes('from Postfix')) ?? '';
    expect(message).toMatch(trace);
    expect(message).toContain('Gr\xc3\xbc\xc3\x9fe \xc3\xbcber Postfix'); // not re-coded on the way
    await postfix.close();
  });

  it('Postfix from a denied address keeps or bounces the message, as 554 asks', async () => {
    const postfix = await startPostfix({ relayPort: gateway.port, bindAddress: '127.0.0.66', tlsLevel: 'may' });

    await postfix.send({ from: 'a@client.test', to: ['b@mx.test'], content: 'Subject: denied\n\nHello\n' });

    const log = await postfix.waitForLog(/to=<b@mx\.test>.*status=(bounced|deferred)/);
    expect(log).toMatch(/554 5\.7\.1 Connection refused/);
    expect((await sink.messages()).join()).not.toContain('Subject: denied');
    await postfix.close();
  });
});
