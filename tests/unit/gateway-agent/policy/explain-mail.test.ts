// The whole ladder in words, rung by rung, and that it tells what the decisions decide.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatBlock, parseAddress } from '#contract/addresses';
import { Explanation } from '#contract/replies';
import { buildPolicy } from '../../../../gateway-agent/policy/build-policy.ts';
import { decideConnection, decideRoom } from '../../../../gateway-agent/policy/decide-connection.ts';
import { explainMail, type MailFacts } from '../../../../gateway-agent/policy/explain-mail.ts';
import { crowdedAddress, crowdedBlock } from '../../../support/address-arbitraries.ts';
import { configWith, fileOf } from '../../../support/gateway-configs.ts';

type Settings = Parameters<typeof configWith>[0];
type Lists = { denyText?: string; permitText?: string };

const open: Settings = {
  messageRule: { relayDomains: ['example.net'] },
  messageDelivery: { nextHop: { host: 'mail.example.net' } },
};

type Facts = Partial<Omit<MailFacts, 'peer'>> & Lists & { address?: string; interfaces?: string[] };

function explain(settings: Settings, { denyText = '', permitText = '', address, interfaces, ...facts }: Facts = {}) {
  const policy = buildPolicy(configWith(settings), { denyText, permitText }, interfaces);
  const peer = parseAddress(address ?? '192.0.2.7');
  if ('reason' in peer) throw new Error(peer.reason);
  return explainMail(policy, { peer, openConnections: 0, isGatewayItself: false, ...facts });
}

/** 'pass No entry …' for each rung. */
function rungs(...args: Parameters<typeof explain>): string[] {
  return explain(...args).steps.map(({ outcome, words, reply }) => [outcome, reply, words].filter(Boolean).join(' | '));
}

describe('explainMail', () => {
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
      'pass | Mail goes to mail.example.net, port 25, in clear.',
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

  it('goes the whole way with a sender and a recipient', () => {
    const settings: Settings = {
      messageRule: { relayDomains: ['*.example.net'], rejectsUnknownSenderDomain: true },
      messageDelivery: {
        routes: [
          {
            match: '*.example.net',
            to: {
              kind: 'static',
              servers: [
                { host: 'b.example', preference: 20 },
                { host: 'a.example', port: 2525, preference: 10 },
              ],
            },
            outgoing: 'required',
          },
        ],
      },
    };
    const dns = { senderDomain: { mx: 'found', address: 'none' } } as const;

    expect(rungs(settings, { sender: 'ben@client.example', recipient: 'anna@mx.example.net', dns }).slice(3)).toEqual([
      "pass | The sender's domain client.example exists. Relay domain *.example.net takes mail for anna@mx.example.net.",
      'pass | Route *.example.net: to a.example, port 2525, then b.example, port 25, with verified TLS only.',
    ]);
  });

  it('tells of the recipient exactly what RCPT would hear', () => {
    const ruleStep = (recipient: string, facts: Facts = {}) => rungs(open, { recipient, ...facts })[3];

    expect(ruleStep('anna@example.net')).toBe('pass | Relay domain example.net takes mail for anna@example.net.');
    expect(ruleStep('anna@foreign.example')).toMatch(/^refuse \| 550 5\.7\.1 \| .* no relay domain holds anna@foreign/);
    expect(ruleStep('a%foreign.example@example.net')).toMatch(/^refuse .* names a second host/);
    expect(ruleStep('nonsense')).toBe('refuse | 550 5.7.1 | nonsense is no mail address.');
    expect(ruleStep('Postmaster')).toBe('pass | Mail for the postmaster is always taken.');
    expect(ruleStep('anna@foreign.example', { isGatewayItself: true })).toBe(
      'pass | The gateway itself may send to anna@foreign.example.',
    );
    expect(rungs(open, { recipient: 'anna@foreign.example' })[4]).toBe('not-reached | Not reached.');
  });

  it('lets the networks of its own interfaces send where the rule says so', () => {
    const settings: Settings = { ...open, messageRule: { permitsNetwork: 'class' } };
    const facts = { recipient: 'anna@foreign.example', interfaces: ['192.0.2.99/30'] };

    expect(rungs(settings, facts)[3]).toBe(
      "pass | The gateway's own network 192.0.2.0/24 may send to anna@foreign.example.",
    );
    expect(rungs(settings, { ...facts, address: '192.0.3.7' })[3]).toMatch(/^refuse/);
  });

  describe('with the questions to DNS', () => {
    const settings: Settings = {
      ...open,
      messageRule: {
        relayDomains: ['example.net'],
        rejectsUnknownSenderDomain: true,
        rejectsClientWithoutReverseDns: true,
      },
    };
    const mail = { sender: 'ben@client.example', recipient: 'anna@example.net' };
    const ruleStep = (facts: Facts) => rungs(settings, facts)[3];

    it('tells them as conditions while DNS is not asked', () => {
      expect(ruleStep(mail)).toBe(
        'condition | 550 5.7.25 | The client must have a reverse DNS name. client.example must exist in DNS. ' +
          'Relay domain example.net takes mail for anna@example.net.',
      );
      expect(ruleStep({})).toMatch(/The sender's domain must exist in DNS\./);
    });

    it.each([
      ['none', 'refuse | 550 5.7.25 | The client has no reverse DNS name.'],
      ['failed', 'refuse | 450 4.7.25 | DNS did not say whether the client has a name: it is asked to try later.'],
    ] as const)('tells a reverse name that is %s', (reverse, expected) => {
      expect(ruleStep({ ...mail, dns: { reverse } })).toBe(expected);
    });

    it.each([
      ['none', 'none', "refuse | 550 5.1.8 | The sender's domain client.example does not exist."],
      ['null-mx', 'found', "refuse | 550 5.7.27 | The sender's domain client.example says that it has no mail."],
      [
        'failed',
        'failed',
        'refuse | 451 4.1.8 | DNS did not say whether client.example exists: the client is asked to try later.',
      ],
    ] as const)('tells a sender domain with MX %s and address %s', (mx, address, expected) => {
      expect(ruleStep({ ...mail, dns: { reverse: 'found', senderDomain: { mx, address } } })).toBe(expected);
    });

    it('always takes the null sender, and asks nothing of permitted senders', () => {
      expect(ruleStep({ ...mail, sender: '', dns: { reverse: 'found' } })).toMatch(
        /^pass \| .*The null sender is always taken\./,
      );
      expect(ruleStep({ ...mail, isGatewayItself: true, dns: { reverse: 'none' } })).toBe(
        'pass | The gateway itself may send to anna@example.net.',
      );
    });
  });

  it('says how mail goes that no route claims', () => {
    const routes = [{ match: 'example.net', to: { kind: 'mx' as const } }];
    const rest = (messageDelivery: Settings['messageDelivery']) => rungs({ ...open, messageDelivery })[4];

    expect(rest({})).toBe("pass | Mail goes by the MX record of the recipient's domain, port 25, in clear.");
    expect(rest({ routes })).toBe(
      "pass | 1 route; the rest goes by the MX record of the recipient's domain, port 25, in clear.",
    );
    expect(
      rest({ routes: [...routes, { match: 'b.example', to: { kind: 'mx' } }], nextHop: { host: 'r.example' } }),
    ).toBe('pass | 2 routes; the rest goes to r.example, port 25, in clear.');
    expect(rungs({ ...open, messageDelivery: {} }, { recipient: 'anna@example.net' })[4]).toBe(
      'pass | No route and no next hop: by the MX record of example.net, port 25, in clear.',
    );
  });

  it('names five servers and counts the others', () => {
    const servers = Array.from({ length: 7 }, (_, at) => ({ host: `s${at}.example`, preference: at }));
    const messageDelivery = { routes: [{ match: 'example.net', to: { kind: 'static' as const, servers } }] };

    expect(rungs({ ...open, messageDelivery }, { recipient: 'anna@example.net' })[4]).toMatch(
      /then s4\.example, port 25, and 2 more, in clear\.$/,
    );
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
        const explanation = explainMail(policy, { peer, openConnections, isGatewayItself: false });
        const isAccepted = decideConnection(policy.control, peer).accept && decideRoom(2, openConnections).accept;

        expect(Explanation.parse(explanation)).toEqual(explanation);
        expect(explanation.address).toBe(formatAddress(peer));
        expect(explanation.verdict).toBe(isAccepted ? 'accept' : 'refuse');
      }),
      { numRuns: 500 },
    );
  });
});
