// Whole recipients, in every form that once opened a relay: foreign senders, recipients and clients get nothing.
import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '#contract/addresses';
import { buildPolicy } from '../../../../gateway-agent/policy/build-policy.ts';
import { decideRecipient } from '../../../../gateway-agent/policy/decide-recipient.ts';
import { configWith } from '../../../support/gateway-configs.ts';

function peer(text: string): Address {
  const address = parseAddress(text);
  if ('reason' in address) throw new Error(address.reason);
  return address;
}

const messageRule = {
  relayDomains: ['example.net', '*.example.org'],
  permittedSenders: ['10.0.0.0/8', '2001:db8:1::/48'],
};
const rule = buildPolicy(configWith({ messageRule }), { denyText: '', permitText: '' }).relay;

/** Neither permitted nor the gateway, though some try to look like it. */
const foreignClients = [
  '203.0.113.1',
  '9.255.255.255',
  '11.0.0.0',
  '::ffff:203.0.113.1',
  '2001:db8:2::1',
  '::a00:1',
  '127.0.0.1',
];

/** Recipients at hosts that are not ours. */
const foreignRecipients = [
  'user@foreign.example',
  'user@FOREIGN.example',
  'user@example.net.foreign.example',
  'user@notexample.net',
  'user@mx.example.net',
  'user@example.org',
  'user@example.net.',
  'user@foreign.example.',
  'user@[192.0.2.1]',
  'user@[127.0.0.1]',
  'user@[IPv6:2001:db8::1]',
  'user@192.0.2.1',
  'user%foreign.example@example.net',
  'user%foreign.example%example.net@example.net',
  'foreign.example!user@example.net',
  'a!b!user@example.net',
  'user@foreign.example@example.net',
  'user@example.net@foreign.example',
  '"user@foreign.example"@example.net',
  '"user%foreign.example"@example.net',
  '"foreign.example!user"@example.net',
  '"user@foreign.example\\""@example.net',
  '"us\\er@foreign.example"@mx.example.org',
  'user%foreign.example@mx.example.org',
  '@example.net:user@foreign.example',
  '@example.net,@mx.example.org:user@foreign.example',
  '@foreign.example:user@example.net',
  '@example.net:user%foreign.example@example.net',
  'user@foreign.example%example.net',
  'user@foreign.example,user@example.net',
  'user@example.net,user@foreign.example',
  'user@foreign.example user@example.net',
  'user@example.net user@foreign.example',
  'user@example.net\0@foreign.example',
  'user@foreign.example\0@example.net',
  'user@example.net>,<user@foreign.example',
  'user@example.net\r\nRCPT TO:<user@foreign.example',
  'user@example.net(comment)',
  'user(foreign.example)@example.net',
  'user:foreign.example@example.net',
  'user;foreign.example@example.net',
  'user\\@foreign.example@example.net',
  '<user@foreign.example>',
  'user@foreign.example#example.net',
  'user@',
  '@example.net',
  '@',
  '',
  'user',
  'root',
  'user%foreign.example',
  'foreign.example!user',
  '"unclosed@example.net',
  '"a"b@example.net',
  'user@-example.net',
  'us\u00e9r@foreign.example',
  'us\u00e9r@example.net',
  'user@\u212aexample.net',
];

describe('decideRecipient', () => {
  it('is tried with more than 50 foreign combinations', () => {
    expect(foreignClients.length * foreignRecipients.length).toBeGreaterThan(50);
  });

  it.each(foreignRecipients)('refuses %j from every foreign client', (recipient) => {
    for (const client of foreignClients) {
      const decision = decideRecipient(rule, { peer: peer(client), isGatewayItself: false, recipient });

      expect(decision).toMatchObject({ accept: false });
    }
  });

  it.each([
    'user@example.net',
    'User@EXAMPLE.NET',
    'user@mx.example.org',
    '"quoted local"@example.net',
    '"quo\\"ted"@example.net',
    "o'brien+tag=x@example.net",
    'first.last@example.net',
    '.odd..dots.@example.net',
    'postmaster',
    'PostMaster',
    'postmaster@example.net',
  ])('takes %s from everybody', (recipient) => {
    expect(decideRecipient(rule, { peer: peer('203.0.113.1'), isGatewayItself: false, recipient })).toMatchObject({
      accept: true,
    });
  });

  it.each([
    ['10.1.2.3', false, 'permitted-sender'],
    ['::ffff:10.1.2.3', false, 'permitted-sender'],
    ['2001:db8:1::5', false, 'permitted-sender'],
    ['127.0.0.1', true, 'gateway-itself'],
  ])('takes every well-formed recipient from %s', (client, ...[isGatewayItself, by]) => {
    for (const recipient of [
      'user@foreign.example',
      'user@[192.0.2.1]',
      'user%foreign.example@example.net',
      'a!b@foreign.example',
    ]) {
      const facts = { peer: peer(client), isGatewayItself: isGatewayItself === true, recipient };

      expect(decideRecipient(rule, facts)).toMatchObject({ accept: true, by });
    }
  });

  it('says why it refused', () => {
    const ruleFor = (recipient: string) => {
      const decision = decideRecipient(rule, { peer: peer('203.0.113.1'), isGatewayItself: false, recipient });
      return decision.accept ? null : decision.rule;
    };

    expect(ruleFor('user@foreign.example')).toBe('relay-denied');
    expect(ruleFor('user%foreign.example@example.net')).toBe('routed-address');
    expect(ruleFor('@example.net:user@foreign.example')).toBe('malformed-address');
  });
});
