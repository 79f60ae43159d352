// What a configuration alone gives away: contradictions, traps, open relays.
import { describe, expect, it } from 'vitest';
import { defaultConfig, type GatewayConfig } from '#contract/config';
import { judgeConfig } from '#contract/judge-config';
import { configWith, fileOf } from '../../../support/gateway-configs.ts';

const full = { denyEntries: 5, permitEntries: 5 };
const none = { denyEntries: 0, permitEntries: 0 };
const sound = {
  messageRule: { relayDomains: ['example.net'] },
  messageDelivery: { nextHop: { host: 'mail.example.net' } },
};

function verdict(config: GatewayConfig, lists = full): string[] {
  return judgeConfig(config, lists).map(({ severity, code }) => `${severity} ${code}`);
}

describe('judgeConfig', () => {
  it('finds nothing in a sound configuration', () => {
    expect(verdict(configWith(sound))).toEqual([]);
  });

  it('says of the defaults that they take no mail yet', () => {
    expect(verdict(defaultConfig, none)).toEqual(['notice nothing-relayed', 'notice delivers-by-mx']);
  });

  it.each([1, 4])('warns of %i minutes of patience', (idleTimeoutMinutes) => {
    expect(verdict(configWith({ ...sound, connections: { interface: { idleTimeoutMinutes } } }))).toEqual([
      'warning idle-timeout-short',
    ]);
  });

  it('refuses port 465', () => {
    expect(verdict(configWith({ ...sound, connections: { interface: { port: 465 } } }))).toEqual([
      'error implicit-tls-port',
    ]);
  });

  it.each([
    [['127.0.0.1', '::ffff:127.0.0.1'], 'error address-twice'],
    [['2001:db8::1', '2001:0db8:0:0::1'], 'error address-twice'],
    [['0.0.0.0'], 'error address-wildcard'],
    [['0:0::0'], 'error address-wildcard'],
  ])('refuses to listen on %j', (addresses, expected) => {
    const listenOn = { kind: 'selected' as const, addresses };

    expect(verdict(configWith({ ...sound, connections: { interface: { listenOn } } }))).toEqual([expected]);
  });

  it('warns of "Deny all" with an empty list only', () => {
    const config = configWith({ ...sound, connections: { control: { mode: 'deny-except' } } });

    expect(verdict(config, { denyEntries: 5, permitEntries: 0 })).toEqual(['warning permit-list-empty']);
    expect(verdict(config, { denyEntries: 0, permitEntries: 1 })).toEqual([]);
    expect(verdict(configWith(sound), none)).toEqual([]);
  });

  it('refuses incoming TLS without key and certificate', () => {
    const tls = { offersStartTls: true };

    expect(verdict(configWith({ ...sound, connections: { tls } }))).toEqual([
      'error tls-without-key',
      'error tls-without-certificate',
    ]);
    expect(
      verdict(
        configWith({
          ...sound,
          connections: {
            tls: { ...tls, privateKey: fileOf('privateKey', 'a'), certificate: fileOf('certificate', 'b') },
          },
        }),
      ),
    ).toEqual([]);
  });

  it('refuses to require what is not offered', () => {
    expect(verdict(configWith({ ...sound, connections: { tls: { requiresStartTls: true } } }))).toEqual([
      'error tls-required-not-offered',
    ]);
  });

  it('mentions an own CA that nobody asks', () => {
    const outgoingCa = fileOf('outgoingCa', 'a');

    expect(verdict(configWith({ ...sound, connections: { tls: { outgoing: 'opportunistic', outgoingCa } } }))).toEqual([
      'notice outgoing-ca-unused',
    ]);
    expect(verdict(configWith({ ...sound, connections: { tls: { outgoing: 'required', outgoingCa } } }))).toEqual([]);
  });

  it.each([
    [['0.0.0.0/0'], ['error open-relay']],
    [['0.0.0.0:0.0.0.0'], ['error open-relay']],
    [['::ffff:0:0/96'], ['error open-relay']],
    [['0.0.0.0/1', '128.0.0.0/1'], ['error open-relay']],
    [['0.0.0.0/2', '64.0.0.0/2'], ['error open-relay']],
    [['::/0'], ['error open-relay']],
    [['2000::/3'], ['error open-relay']],
    [
      ['0.0.0.0/0', '::/0'],
      ['error open-relay', 'error open-relay'],
    ],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8', '2001:db8::/32'], []],
    [['10.0.0.0/8', '10.0.0.0/8', '10.0.0.0/8', '10.1.0.0/16'], []],
    [Array.from({ length: 200 }, () => '10.0.0.0/8'), []],
  ])('judges the permitted senders %j', (permittedSenders, expected) => {
    expect(verdict(configWith({ ...sound, messageRule: { permittedSenders } }))).toEqual(expected);
  });

  it.each(['client.example.net', '10.0.0.0/33', '010.0.0.1', '10.0.0.1 10.0.0.2'])(
    'refuses the permitted sender %s',
    (raw) => {
      const findings = judgeConfig(
        configWith({ ...sound, messageRule: { permittedSenders: ['10.0.0.1', raw] } }),
        full,
      );

      expect(findings).toEqual([expect.objectContaining({ severity: 'error', code: 'permitted-sender-invalid' })]);
      expect(findings[0]?.message).toContain(`'${raw}'`);
    },
  );

  it('warns of a relay domain that is a whole top level', () => {
    expect(verdict(configWith({ ...sound, messageRule: { relayDomains: ['*.com', '*.example.com'] } }))).toEqual([
      'warning relay-domain-wide',
    ]);
  });

  it('warns once of relay domains that are addresses, also mistyped ones', () => {
    const relayDomains = ['10.0.0.300', 'example.com', '*.192.0.2.1'];

    expect(verdict(configWith({ ...sound, messageRule: { relayDomains } }))).toEqual(['warning relay-domain-address']);
  });

  it('warns of a HELO name that is no full host name', () => {
    expect(verdict(configWith({ ...sound, smtp: { heloName: 'mx' } }))).toEqual(['warning helo-name-short']);
    expect(verdict(configWith({ ...sound, smtp: { heloName: 'mx.example.net' } }))).toEqual([]);
  });

  it.each(['subnet', 'class'] as const)('warns that the permitted network by %s is wide', (permitsNetwork) => {
    expect(verdict(configWith({ ...sound, messageRule: { relayDomains: ['example.net'], permitsNetwork } }))).toEqual([
      'warning permitted-network-wide',
    ]);
  });

  it('does not say that nothing is relayed when a network may send', () => {
    expect(verdict(configWith({ ...sound, messageRule: { permitsNetwork: 'subnet' } }))).toEqual([
      'warning permitted-network-wide',
    ]);
  });

  it('warns of fewer recipients than the standard asks for', () => {
    const withRecipients = (maxRecipients: number) =>
      verdict(configWith({ ...sound, messageRule: { ...sound.messageRule, maxRecipients } }));

    expect(withRecipients(99)).toEqual(['warning recipients-few']);
    expect(withRecipients(100)).toEqual([]);
  });

  it('mentions a connection that may bring less than one message', () => {
    const withData = (maxMegabytesPerConnection: number) =>
      verdict(configWith({ ...sound, messageRule: { ...sound.messageRule, maxMegabytesPerConnection } }));

    expect(withData(24)).toEqual(['notice data-limit-below-message']);
    expect(withData(25)).toEqual([]);
  });

  it('finds a use for an own CA where a single route requires TLS', () => {
    const outgoingCa = fileOf('outgoingCa', 'a');
    const routes = [{ match: 'example.net', to: { kind: 'mx' as const }, outgoing: 'required' as const }];
    const messageDelivery = { ...sound.messageDelivery, routes };

    expect(verdict(configWith({ ...sound, messageDelivery, connections: { tls: { outgoingCa } } }))).toEqual([]);
  });

  it('names the field of every finding', () => {
    const bad = configWith({
      connections: {
        interface: { port: 465, idleTimeoutMinutes: 1 },
        control: { mode: 'deny-except' },
        tls: { requiresStartTls: true },
      },
      messageRule: { permittedSenders: ['nobody'] },
    });

    for (const { field } of judgeConfig(bad, none))
      expect(field).toMatch(/^(smtp|connections|messageRule|messageDelivery)\.\w/);
  });
});
