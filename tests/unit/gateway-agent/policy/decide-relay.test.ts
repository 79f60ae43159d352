// For whom and from whom mail is taken: the decision by domain.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '#contract/addresses';
import { buildPolicy } from '../../../../gateway-agent/policy/build-policy.ts';
import { decideRelay, decideSender } from '../../../../gateway-agent/policy/decide-relay.ts';
import { configWith } from '../../../support/gateway-configs.ts';

function peer(text: string): Address {
  const address = parseAddress(text);
  if ('reason' in address) throw new Error(address.reason);
  return address;
}

function relayWith(messageRule: Parameters<typeof configWith>[0]['messageRule']) {
  return buildPolicy(configWith({ messageRule }), { denyText: '', permitText: '' }).relay;
}

const rule = relayWith({
  relayDomains: ['Example.net', '*.example.org'],
  permittedSenders: ['10.0.0.0:255.0.0.0', '2001:db8::/32'],
});
const stranger = { peer: peer('203.0.113.1'), isGatewayItself: false };
const refused = { accept: false, rule: 'relay-denied' };

describe('decideRelay', () => {
  it.each([
    ['example.net', 'example.net'],
    ['EXAMPLE.NET', 'example.net'],
    ['mx.example.org', '*.example.org'],
    ['a.b.Example.ORG', '*.example.org'],
  ])('takes mail for %s by the relay domain %s', (recipientDomain, entry) => {
    expect(decideRelay(rule, { ...stranger, recipientDomain })).toEqual({ accept: true, by: 'relay-domain', entry });
  });

  it.each([
    'foreign.example',
    'mx.example.net',
    'example.org',
    'notexample.net',
    'notexample.org',
    'example.net.',
    'example.net.foreign.example',
    'mx.example.org.',
    '.example.net',
    '.example.org',
    'a..example.org',
    '*.example.org',
    '*',
    'example.net ',
    ' example.net',
    'example.net\r\n',
    'example.net\0',
    'foreign.example@example.net',
    'example.net@foreign.example',
    'foreign.example%example.net',
    '[192.0.2.1]',
    '[IPv6:2001:db8::1]',
    '192.0.2.1',
    '',
    '.',
    'e\u017fxample.net',
    'exam\u0440le.net',
    'example\u3002net',
    `${'a.'.repeat(130)}example.org`,
  ])('refuses mail of a stranger for %j', (recipientDomain) => {
    expect(decideRelay(rule, { ...stranger, recipientDomain })).toEqual(refused);
  });

  it('does not fold the Kelvin sign to k', () => {
    const kiosk = relayWith({ relayDomains: ['kiosk.example'] });

    expect(decideRelay(kiosk, { ...stranger, recipientDomain: '\u212aiosk.example' })).toEqual(refused);
  });

  it('takes mail to anywhere from a permitted sender, and names the entry', () => {
    expect(
      decideRelay(rule, { peer: peer('10.9.8.7'), isGatewayItself: false, recipientDomain: 'foreign.example' }),
    ).toEqual({
      accept: true,
      by: 'permitted-sender',
      entry: '10.0.0.0/8',
    });
    expect(
      decideRelay(rule, { ...stranger, peer: peer('2001:db8::7'), recipientDomain: 'foreign.example' }).accept,
    ).toBe(true);
    expect(
      decideRelay(rule, { ...stranger, peer: peer('::ffff:a00:1'), recipientDomain: 'foreign.example' }).accept,
    ).toBe(true);
  });

  it('takes mail to anywhere from the gateway itself, unless that is switched off', () => {
    const facts = { peer: peer('127.0.0.1'), isGatewayItself: true, recipientDomain: 'foreign.example' };

    expect(decideRelay(rule, facts)).toEqual({ accept: true, by: 'gateway-itself' });
    expect(decideRelay(relayWith({ permitsGatewayItself: false }), facts)).toEqual(refused);
  });

  it('refuses loopback that is not said to be the gateway itself', () => {
    expect(
      decideRelay(rule, { peer: peer('127.0.0.1'), isGatewayItself: false, recipientDomain: 'foreign.example' }),
    ).toEqual(refused);
  });

  it('takes nothing from strangers by default, whatever the domain', () => {
    const defaults = relayWith({});
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string(), fc.ipV4(), fc.constant('example.net')), (recipientDomain) => {
        expect(decideRelay(defaults, { ...stranger, recipientDomain })).toEqual(refused);
      }),
    );
  });

  it('takes of random text only what ends in a relay domain', () => {
    const pieces = fc.array(fc.constantFrom('example', 'net', 'org', 'mx', '.', '@', '%', '!', '*', '-', ' '), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(pieces, (parts) => {
        const recipientDomain = parts.join('');
        const isOurs = recipientDomain === 'example.net' || /^([a-z-]+\.)+example\.org$/.test(recipientDomain);

        expect(decideRelay(rule, { ...stranger, recipientDomain }).accept).toBe(isOurs);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('decideSender', () => {
  it('does not ask for the recipient', () => {
    expect(decideSender(rule, { peer: peer('10.0.0.1'), isGatewayItself: false }).accept).toBe(true);
    expect(decideSender(rule, stranger)).toEqual(refused);
  });
});
