// Fifty and more ways to ask a gateway for a relay that it must not be. None of them leads to the next hop.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';

const senders = ['', 'a@foreign.test', 'spammer@mx.test', 'postmaster@gateway.test', 'root@localhost'];

const recipients = [
  'b@foreign.test',
  'b@sub.mx.test', // only the domain itself is a relay domain
  'b@mx.test.foreign.test',
  'b@foreign-mx.test',
  'b%foreign.test@mx.test',
  'b%foreign.test@gateway.test',
  'foreign.test!b@mx.test',
  '"b@foreign.test"@mx.test',
  '@mx.test:b@foreign.test',
  '@mx.test,@gateway.test:b@foreign.test',
  'b@foreign.test@mx.test',
  'b@[127.0.0.1]',
  'b@[IPv6:::1]',
  'b@localhost',
  'b',
  'b@',
  'b@mx.test ,c@foreign.test',
];

const clients = ['127.0.0.1', '127.0.0.9'];

describe('a foreign message', () => {
  let hop: TestNextHop;
  let gateway: TestGateway;

  beforeAll(async () => {
    hop = await startNextHop();
    gateway = await startGateway({
      nextHop: hop.address,
      rule: { relayDomains: ['mx.test', '*.inner.test'], permittedSenders: ['127.0.0.7'], permitsGatewayItself: false },
    });
  });
  afterAll(async () => {
    await gateway.close();
    await hop.close();
  });

  const combinations = clients.flatMap((from) => senders.map((sender) => [from, sender] as const));

  it.each(combinations)(
    `from %s, sender <%s>, is refused for all ${recipients.length} recipients`,
    async (from, sender) => {
      const answers: string[] = [];
      for (const recipient of recipients) {
        const client = await greetedClient(gateway.port, { from });
        await client.say(`MAIL FROM:<${sender}>`);

        const answer = await client.say(`RCPT TO:<${recipient}>`);
        if (!/^5(50 5\.7\.1|01 5\.1\.3) /.test(answer)) answers.push(`${recipient}: ${answer}`);
        client.close();
      }
      expect(answers).toEqual([]);
      expect(hop.connections).toBe(0); // not even asked
    },
  );

  it('is what the others are not: relay domain, domain below a star, permitted sender', async () => {
    const client = await greetedClient(gateway.port);
    await client.say('MAIL FROM:<a@foreign.test>');
    expect(await client.say('RCPT TO:<b@MX.test>')).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<b@deep.below.inner.test>')).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<b@inner.test>')).toMatch(/^550 5\.7\.1 /);
    client.close();

    const permitted = await greetedClient(gateway.port, { from: '127.0.0.7' });
    await permitted.say('MAIL FROM:<a@foreign.test>');
    expect(await permitted.say('RCPT TO:<b@foreign.test>')).toMatch(/^250 /);
    permitted.close();
  });

  it('is every message while nothing is configured, except from the gateway itself', async () => {
    const fresh = await startGateway({ nextHop: hop.address, rule: { relayDomains: [], permitsGatewayItself: true } });
    const { decideRecipient } = await import('../../gateway-agent/policy/decide-recipient.ts');
    const { buildPolicy } = await import('../../gateway-agent/policy/build-policy.ts');
    const { parseAddress } = await import('../../gateway-agent/contract/addresses.ts');
    const { config } = await fresh.status();
    const peer = parseAddress('192.0.2.1');
    const client = await greetedClient(fresh.port);
    await client.say('MAIL FROM:<a@client.test>');

    expect(await client.say('RCPT TO:<b@foreign.test>')).toMatch(/^250 /);
    const { relay } = buildPolicy(config!, { denyText: '', permitText: '' });
    if ('reason' in peer) throw new Error(peer.reason);
    expect(decideRecipient(relay, { peer, isGatewayItself: false, recipient: 'b@foreign.test' }).accept).toBe(false);
    client.close();
    await fresh.close();
  });
});
