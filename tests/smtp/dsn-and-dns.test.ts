// Two things that clients may ask or be asked: DSN parameters (RFC 3461), end to end, and the optional questions to DNS.
import { afterEach, describe, expect, it } from 'vitest';
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
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('DSN parameters', () => {
  const mail = async (gateway: TestGateway, rcpt: string, parameters = ''): Promise<void> => {
    const client = await greetedClient(gateway.port);
    await client.say(`MAIL FROM:<a@client.test>${parameters}`);
    expect(await client.say(rcpt)).toMatch(/^250 /);
    await client.say('DATA');
    client.write('Subject: dsn\r\n\r\nsecret body\r\n.\r\n');
    expect(await client.reply()).toMatch(/^250 /);
    client.close();
  };

  it('are passed on to a server that takes them', async () => {
    const hop = await hopWith({ extensions: ['DSN', 'PIPELINING', 'SIZE'] });
    const gateway = await open({ nextHop: hop.address });

    await mail(
      gateway,
      'RCPT TO:<b@mx.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@mx.test',
      ' RET=HDRS ENVID=id+2B1',
    );
    await hop.received(1);

    expect(hop.commands.join()).toMatch(/MAIL FROM:<a@client\.test> SIZE=\d+ RET=HDRS ENVID=id\+2B1,/);
    expect(hop.commands).toContain('RCPT TO:<b@mx.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@mx.test');
  });

  it('are answered by us where the next server does not know them', async () => {
    const hop = await hopWith();
    const gateway = await open({ nextHop: hop.address });

    await mail(gateway, 'RCPT TO:<b@mx.test> NOTIFY=SUCCESS', ' ENVID=QQ314159');

    const messages = await hop.received(2);
    const notice = messages.find(({ from }) => from === '');
    expect(notice?.content).toMatch(/Original-Envelope-Id: QQ314159\r\n[^]*Action: relayed\r\n/);
  });

  it('decide who hears of a failure, and how much comes back', async () => {
    const hop = await hopWith({
      reactions: { RCPT: (line) => (line.includes('mx.test') ? '550 5.1.1 No such user' : undefined) },
    });
    const gateway = await open({ nextHop: hop.address });

    await mail(gateway, 'RCPT TO:<silent@mx.test> NOTIFY=NEVER');
    await gateway.drained();
    expect(hop.messages).toHaveLength(0);
    await mail(gateway, 'RCPT TO:<b@mx.test> NOTIFY=FAILURE ORCPT=rfc822;alias@mx.test', ' RET=HDRS');

    const [bounce] = await hop.received(1);
    expect(bounce!.content).toMatch(/Original-Recipient: rfc822;alias@mx\.test\r\nFinal-Recipient: rfc822; b@mx\.test/);
    expect(bounce!.content).toContain('Subject: dsn');
    expect(bounce!.content).not.toContain('secret body');
  });
});

describe('questions to DNS', () => {
  const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

  it('refuse an unknown sender domain for good, and only for now while DNS is silent', async () => {
    const resolveMx = (name: string) => fail(name.startsWith('late') ? 'ESERVFAIL' : 'ENOTFOUND');
    const none = () => fail('ENOTFOUND');
    const gateway = await open({
      rule: { rejectsUnknownSenderDomain: true, rejectsClientWithoutReverseDns: true },
      resolvers: {
        origin: {
          resolveMx: (name) => (name === 'good.test' ? Promise.resolve([{ exchange: 'm.test' }]) : resolveMx(name)),
          resolve4: none,
          resolve6: none,
          reverse: (address) => (address === '127.0.0.9' ? none() : Promise.resolve(['client.test'])),
        },
      },
    });
    const client = await greetedClient(gateway.port);

    expect(await client.say('MAIL FROM:<a@none.test>')).toMatch(/^550 5\.1\.8 .*\(\w{8}\)$/);
    expect(await client.say('MAIL FROM:<a@late.test>')).toMatch(/^451 4\.1\.8 /);
    expect(await client.say('MAIL FROM:<a@good.test>')).toMatch(/^250 /);
    await client.say('RSET');
    expect(await client.say('MAIL FROM:<>')).toMatch(/^250 /);
    const nameless = await greetedClient(gateway.port, { from: '127.0.0.9' });
    expect(await nameless.say('MAIL FROM:<a@good.test>')).toMatch(/^550 5\.7\.25 /);
    client.close();
    nameless.close();
  });
});
