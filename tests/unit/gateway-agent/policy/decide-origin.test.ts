// What DNS says of senders and clients, and that its silence is never held against them for good.
import { describe, expect, it } from 'vitest';
import { parseAddress } from '#contract/addresses';
import { buildPolicy } from '../../../../gateway-agent/policy/build-policy.ts';
import {
  decideReverseDns,
  decideSenderDomain,
  isTrustedPeer,
  senderDomainToAsk,
} from '../../../../gateway-agent/policy/decide-origin.ts';
import { configWith } from '../../../support/gateway-configs.ts';

const unknown = { accept: false, rule: 'unknown-sender-domain' };

describe('decideSenderDomain', () => {
  it.each([
    ['found', 'found'],
    ['found', 'failed'],
    ['found', 'none'],
    ['none', 'found'],
    ['failed', 'found'],
  ] as const)('takes a domain with MX %s and address %s', (mx, address) => {
    expect(decideSenderDomain({ mx, address })).toEqual({ accept: true });
  });

  it.each([
    ['failed', 'none'],
    ['none', 'failed'],
    ['failed', 'failed'],
  ] as const)('puts off with MX %s and address %s', (mx, address) => {
    expect(decideSenderDomain({ mx, address })).toEqual({ ...unknown, code: 451, enhanced: '4.1.8' });
  });

  it('refuses for good only what DNS says is not there, or has no mail', () => {
    expect(decideSenderDomain({ mx: 'none', address: 'none' })).toEqual({ ...unknown, code: 550, enhanced: '5.1.8' });
    expect(decideSenderDomain({ mx: 'null-mx', address: 'found' })).toEqual({
      ...unknown,
      code: 550,
      enhanced: '5.7.27',
    });
  });
});

describe('decideReverseDns', () => {
  it('refuses none for good and a failure for now', () => {
    expect(decideReverseDns('found')).toEqual({ accept: true });
    expect(decideReverseDns('none')).toMatchObject({ rule: 'no-reverse-dns', code: 550, enhanced: '5.7.25' });
    expect(decideReverseDns('failed')).toMatchObject({ rule: 'no-reverse-dns', code: 450, enhanced: '4.7.25' });
  });
});

describe('senderDomainToAsk', () => {
  it.each([
    ['anna@Example.NET', 'example.net'],
    ['"a@b"@example.net', 'example.net'],
    ['', null],
    ['root', null],
    ['anna@[192.0.2.1]', null],
  ])('is for %j %j', (sender, domain) => {
    expect(senderDomainToAsk(sender)).toBe(domain);
  });
});

describe('isTrustedPeer', () => {
  function isTrusted(settings: Parameters<typeof configWith>[0], own = ['198.51.100.1/24']): boolean {
    const peer = parseAddress('192.0.2.7');
    if ('reason' in peer) throw new Error(peer.reason);
    const lists = { denyText: '192.0.2.7', permitText: '192.0.2.7' };
    return isTrustedPeer(buildPolicy(configWith(settings), lists, own), { peer, isGatewayItself: false });
  }

  it('is one on the deciding permit list, or one that may send anywhere', () => {
    expect(isTrusted({ connections: { control: { mode: 'deny-except' } } })).toBe(true);
    expect(isTrusted({ messageRule: { permittedSenders: ['192.0.2.0/24'] } })).toBe(true);
    expect(isTrusted({ messageRule: { permitsNetwork: 'subnet' } }, ['192.0.2.1/24'])).toBe(true);
  });

  it('is nobody else, not even an entry of the permit list that is only kept', () => {
    expect(isTrusted({})).toBe(false);
    expect(isTrusted({ messageRule: { permitsNetwork: 'subnet' } })).toBe(false);
  });
});
