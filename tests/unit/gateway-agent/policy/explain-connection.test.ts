// The ladder in words, rung by rung, and that it tells what the decisions decide.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatBlock, parseAddress } from '#contract/addresses';
import { Explanation } from '#contract/replies';
import { buildPolicy } from '../../../../gateway-agent/policy/build-policy.ts';
import { decideConnection, decideRoom } from '../../../../gateway-agent/policy/decide-connection.ts';
import { explainConnection } from '../../../../gateway-agent/policy/explain-connection.ts';
import { crowdedAddress, crowdedBlock } from '../../../support/address-arbitraries.ts';
import { configWith, fileOf } from '../../../support/gateway-configs.ts';

type Settings = Parameters<typeof configWith>[0];
type Lists = { denyText?: string; permitText?: string };

const open: Settings = {
  messageRule: { relayDomains: ['example.net'] },
  messageDelivery: { nextHop: { host: 'mail.example.net' } },
};

function explain(
  settings: Settings,
  facts: Lists & { address?: string; openConnections?: number; isGatewayItself?: boolean } = {},
) {
  const policy = buildPolicy(configWith(settings), {
    denyText: facts.denyText ?? '',
    permitText: facts.permitText ?? '',
  });
  const peer = parseAddress(facts.address ?? '192.0.2.7');
  if ('reason' in peer) throw new Error(peer.reason);
  const { openConnections = 0, isGatewayItself = false } = facts;
  return explainConnection(policy, { peer, openConnections, isGatewayItself });
}

/** 'pass No entry …' for each rung. */
function rungs(...args: Parameters<typeof explain>): string[] {
  return explain(...args).steps.map(({ outcome, words, reply }) => [outcome, reply, words].filter(Boolean).join(' | '));
}

describe('explainConnection', () => {
  it('climbs the whole ladder in its order', () => {
    expect(explain(open).steps.map(({ rule }) => rule)).toEqual([
      'connection-control',
      'simultaneous-connections',
      'tls-requirement',
      'message-rule',
      'delivery',
    ]);
    expect(rungs(open)).toEqual([
      'pass | No entry of the deny list holds this address.',
      'pass | No limit; 0 connections are open.',
      'pass | STARTTLS is not offered: mail comes in clear.',
      'condition | 550 5.7.1 | Only recipients at example.net are taken.',
      'condition | mail.example.net, port 25, must take each recipient and message.',
    ]);
  });

  it('stops at the entry of the deny list that refuses, and says so', () => {
    const explanation = explain(open, { denyText: '192.0.2.0:255.255.255.0 # lab\n', address: '::ffff:192.0.2.7' });

    expect(explanation).toMatchObject({ address: '192.0.2.7', verdict: 'refuse' });
    expect(explanation.steps[0]).toEqual({
      rule: 'connection-control',
      outcome: 'refuse',
      words: 'Deny list entry 192.0.2.0/24 (lab) refuses this address.',
      entry: '192.0.2.0/24',
      reply: '554 5.7.1',
    });
    expect(explanation.steps.slice(1).map(({ outcome }) => outcome)).toEqual(Array(4).fill('not-reached'));
  });

  it('names the entry of the permit list that lets in, or says that none does', () => {
    const control = { mode: 'deny-except' as const };

    expect(rungs({ ...open, connections: { control } }, { permitText: '192.0.2.7' })[0]).toBe(
      'pass | Permit list entry 192.0.2.7 permits this address.',
    );
    expect(rungs({ ...open, connections: { control } }, { permitText: '192.0.2.8' })[0]).toBe(
      'refuse | 554 5.7.1 | No entry of the permit list holds this address.',
    );
    expect(rungs({ ...open, connections: { control } })[0]).toContain('the list is empty');
  });

  it('asks only the list of the active mode', () => {
    const lists = { denyText: '192.0.2.7', permitText: '192.0.2.7' };

    expect(explain(open, lists).verdict).toBe('refuse');
    expect(explain({ ...open, connections: { control: { mode: 'deny-except' } } }, lists).verdict).toBe('accept');
  });

  it('tells a full listener from one with room', () => {
    const connections = { interface: { maxConnections: 50 } };

    expect(rungs({ ...open, connections }, { openConnections: 49 })[1]).toBe('pass | 49 of 50 connections are open.');
    expect(rungs({ ...open, connections }, { openConnections: 50 })[1]).toBe(
      'refuse | 421 4.3.2 | 50 of 50 connections are open. A new one is asked to try later.',
    );
    expect(explain({ ...open, connections }, { openConnections: 50 }).verdict).toBe('refuse');
  });

  it('tells what TLS asks of the client', () => {
    const tls = {
      offersStartTls: true,
      privateKey: fileOf('privateKey', 'a'),
      certificate: fileOf('certificate', 'b'),
    };

    expect(rungs({ ...open, connections: { tls } })[2]).toBe('pass | STARTTLS is offered, not required.');
    expect(rungs({ ...open, connections: { tls: { ...tls, requiresStartTls: true } } })[2]).toBe(
      'condition | 530 5.7.0 | Mail is taken only after STARTTLS.',
    );
  });

  it('tells whose mail is taken', () => {
    const ruleStep = (messageRule: Settings['messageRule'], isGatewayItself = false) =>
      rungs({ ...open, messageRule }, { isGatewayItself })[3];

    expect(ruleStep({ permittedSenders: ['192.0.2.0/24'] })).toBe(
      'pass | Permitted sender 192.0.2.0/24 may send to any recipient.',
    );
    expect(ruleStep({}, true)).toBe('pass | The gateway itself may send to any recipient.');
    expect(ruleStep({})).toMatch(/^refuse \| 550 5\.7\.1/);
    expect(
      ruleStep({
        relayDomains: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example', 'g.example'],
      }),
    ).toBe(
      'condition | 550 5.7.1 | Only recipients at a.example, b.example, c.example, d.example, e.example and 2 more are taken.',
    );
  });

  it('says that without a next hop every recipient is put off, though the connection is accepted', () => {
    const explanation = explain({ messageRule: { relayDomains: ['example.net'] } });

    expect(explanation.verdict).toBe('accept');
    expect(explanation.steps[4]).toMatchObject({ outcome: 'refuse', reply: '451 4.4.4' });
  });

  it('tells of the connection exactly what the listener decides', () => {
    const situation = fc.record({
      mode: fc.constantFrom('accept-except' as const, 'deny-except' as const),
      blocks: fc.array(crowdedBlock),
      peer: crowdedAddress,
      openConnections: fc.nat(3),
    });
    fc.assert(
      fc.property(situation, ({ mode, blocks, peer, openConnections }) => {
        const text = blocks.map(formatBlock).join('\n');
        const config = configWith({ connections: { control: { mode }, interface: { maxConnections: 2 } } });
        const policy = buildPolicy(config, { denyText: text, permitText: text });
        const explanation = explainConnection(policy, { peer, openConnections, isGatewayItself: false });
        const isAccepted = decideConnection(policy.control, peer).accept && decideRoom(2, openConnections).accept;

        expect(Explanation.parse(explanation)).toEqual(explanation);
        expect(explanation.address).toBe(formatAddress(peer));
        expect(explanation.verdict).toBe(isAccepted ? 'accept' : 'refuse');
      }),
      { numRuns: 500 },
    );
  });
});
