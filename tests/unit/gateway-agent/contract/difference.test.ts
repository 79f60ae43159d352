// The review in words: labels of the form, values as on the screen, consequences, and never a secret.
import { describe, expect, it } from 'vitest';
import { defaultConfig, type GatewayConfig } from '#contract/config';
import { Change, describeDifference, type Snapshot } from '#contract/difference';
import { interfaceFields, modeField, smtpFields, tlsFields } from '#contract/difference-fields';
import { deliveryFields, ruleFields } from '#contract/difference-mail-fields';
import type { CertificateFacts } from '#contract/replies';
import { configWith, fileOf } from '../../../support/gateway-configs.ts';

function snapshot(config: GatewayConfig, rest: Partial<Snapshot> = {}): Snapshot {
  return { config, denyText: '', permitText: '', certificate: null, caCertificate: null, ...rest };
}

function certificate(notAfter: string): CertificateFacts {
  return {
    subject: 'CN=mx.example.net',
    names: ['mx.example.net'],
    issuer: 'CN=Example CA',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter,
    keyType: 'EC P-256',
    fingerprint: 'AA:BB',
    chainLength: 1,
  };
}

/** 'Port: 25 → 2525' */
function told(before: Snapshot | null, after: Snapshot): string[] {
  return describeDifference(before, after).map((change) => `${change.label}: ${change.before} → ${change.after}`);
}

const untouched = snapshot(defaultConfig);

describe('describeDifference', () => {
  it('finds none between equals, and none between nothing and the defaults', () => {
    expect(describeDifference(untouched, untouched)).toEqual([]);
    expect(describeDifference(null, untouched)).toEqual([]);
  });

  it('tells a new port with its consequence', () => {
    const after = snapshot(configWith({ connections: { interface: { port: 2525 } } }));

    expect(describeDifference(untouched, after)).toEqual([
      {
        section: 'SMTP Interface',
        field: 'connections.interface.port',
        label: 'Port',
        before: '25',
        after: '2525',
        note: 'New connections only; open ones go on.',
      },
    ]);
  });

  it('tells every field by its label, in the order of the screens', () => {
    const after = snapshot(
      configWith({
        smtp: {
          greetingName: 'mx.example.net',
          bannerText: 'ready',
          heloName: 'out.example.net',
          postmaster: 'admin@example.net',
        },
        connections: {
          interface: {
            listenOn: { kind: 'selected', addresses: ['192.0.2.1'] },
            port: 2525,
            idleTimeoutMinutes: 1,
            maxConnections: 1000,
          },
          control: { mode: 'deny-except', denyList: fileOf('denyList', '1'), permitList: fileOf('permitList', '2') },
          tls: {
            offersStartTls: true,
            requiresStartTls: true,
            caCertificate: fileOf('caCertificate', '3'),
            privateKey: fileOf('privateKey', '4'),
            certificate: fileOf('certificate', '5'),
            outgoing: 'required',
            outgoingCa: fileOf('outgoingCa', '6'),
          },
        },
        messageRule: {
          relayDomains: ['example.net'],
          permitsGatewayItself: false,
          permittedSenders: ['10.0.0.0/8'],
          permitsNetwork: 'subnet',
          maxMessageMegabytes: 50,
          maxRecipients: 10,
          maxMessagesPerConnection: 100,
          maxMegabytesPerConnection: 500,
          rejectsUnknownSenderDomain: true,
          rejectsClientWithoutReverseDns: true,
        },
        messageDelivery: {
          nextHop: { host: 'mail.example.net', port: 25 },
          routes: [{ match: 'example.org', to: { kind: 'mx' } }],
          peerPolicies: 'monitor',
          maxConnectionsPerDestination: 5,
          giveUpAfterHours: 1,
          delayNoticeAfterHours: null,
        },
      }),
      {
        denyText: '192.0.2.9\n',
        permitText: '10.0.0.0/8\n10.1.0.0/16\n',
        certificate: certificate('2027-11-23T00:00:00.000Z'),
      },
    );

    expect(told(null, after)).toEqual([
      "Greeting name: The host's own name → mx.example.net",
      'Banner text: None → ready',
      'HELO name when sending: The greeting name → out.example.net',
      'Postmaster address: postmaster at the greeting name → admin@example.net',
      'IP address: All interfaces → 192.0.2.1',
      'Port: 25 → 2525',
      'Disconnect after: 5 minutes → 1 minute',
      'Simultaneous connections: No limit → 1,000',
      'Connection control: Accept all, except the following list → Deny all, except the following list',
      'Deny list: 0 entries → + 1 entry',
      'Permit list: 0 entries → + 2 entries',
      'Enable incoming TLS: Off → On',
      'Only accept SMTP connection by TLS: Off → On',
      'CA certificate: None → file 333333333333',
      'Private key: None → A private key',
      'SMTP server certificate: None → CN=mx.example.net, valid until 2027-11-23',
      'Enable outgoing TLS: Off → Required',
      'Own CA for outgoing TLS: None → file 666666666666',
      'Relay domains: 0 entries → + 1 entry',
      'Permitted senders of relayed mail: 0 entries → + 1 entry',
      'The gateway itself: May send → May not send',
      "Permitted network: None → The subnets of the gateway's interfaces",
      'Maximum message size: 25 MB → 50 MB',
      'Recipients per message: 1000 → 10',
      'Messages per connection: No limit → 100',
      'Data per connection: No limit → 500 MB',
      'Reject unknown sender domains: Off → On',
      'Reject clients without reverse DNS: Off → On',
      'Routes: 0 entries → + 1 entry',
      'Next hop: None → mail.example.net, port 25',
      'MTA-STS and DANE: Off → Monitor',
      'Connections per destination: 20 → 5',
      'Give up after: 120 hours → 1 hour',
      'Delay notice after: 4 hours → Never',
    ]);
    for (const change of describeDifference(null, after)) expect(Change.parse(change)).toEqual(change);
  });

  it('tells every field that the configuration has', () => {
    const leaves = (value: unknown, path: string): string[] =>
      typeof value !== 'object' || value === null || Array.isArray(value) || 'kind' in value
        ? [path]
        : Object.entries(value).flatMap(([key, member]) => leaves(member, path === '' ? key : `${path}.${key}`));
    const { schemaVersion: _, ...config } = defaultConfig;

    const named = [
      ...[...smtpFields, ...interfaceFields, modeField, ...tlsFields, ...ruleFields, ...deliveryFields].map(
        ({ field }) => field,
      ),
      'connections.control.denyList',
      'connections.control.permitList',
      'messageRule.relayDomains',
      'messageRule.permittedSenders',
      'messageDelivery.routes',
    ];

    expect(named.toSorted()).toEqual(leaves(config, '').toSorted());
  });

  it('tells routes by their rows, and not at all when only their order changes', () => {
    const rows = (...routes: NonNullable<NonNullable<Parameters<typeof configWith>[0]['messageDelivery']>['routes']>) =>
      snapshot(configWith({ messageDelivery: { routes } }));
    const [a, b] = [
      { match: 'a.example', to: { kind: 'mx' as const } },
      { match: 'b.example', to: { kind: 'static' as const, servers: [{ host: '192.0.2.1' }] } },
    ];

    expect(describeDifference(rows(a, b), rows(b, a))).toEqual([]);
    expect(describeDifference(rows(a, b), rows(a, { ...b, outgoing: 'required' }))).toEqual([
      {
        section: 'Message Delivery',
        field: 'messageDelivery.routes',
        label: 'Routes',
        before: '2 entries',
        after: '+ 1 entry, − 1',
        note: 'The list then holds 2 entries.',
        added: ['b.example  static  192.0.2.1:25 preference 10  tls required'],
        removed: ['b.example  static  192.0.2.1:25 preference 10'],
      },
    ]);
  });

  it.each([
    [{ messageRule: { permitsNetwork: 'class' } }, /16 million/],
    [{ messageRule: { maxMessagesPerConnection: 1 } }, /421/],
    [{ messageRule: { rejectsUnknownSenderDomain: true } }, /550 5\.1\.8/],
    [{ messageRule: { rejectsClientWithoutReverseDns: true } }, /550 5\.7\.25/],
    [{ messageDelivery: { peerPolicies: 'enforce' } }, /^Mail waits/],
    [{ messageDelivery: { giveUpAfterHours: 100 } }, /returned to its sender/],
    [{ messageDelivery: { giveUpAfterHours: 200 } }, null],
  ] as const)('says what follows from %j', (changes, expected) => {
    const note = describeDifference(untouched, snapshot(configWith(changes)))[0]?.note;

    if (expected === null) expect(note).toBeUndefined();
    else expect(note).toMatch(expected);
  });

  it('says that without a next hop mail goes by MX record', () => {
    const before = snapshot(configWith({ messageDelivery: { nextHop: { host: 'mail.example.net' } } }));

    expect(describeDifference(before, untouched)[0]?.note).toBe('What no route claims goes by MX record.');
  });

  it('says that a lower limit cuts nobody, and nothing of the kind of a higher one', () => {
    const limited = (maxConnections: number | null) =>
      snapshot(configWith({ connections: { interface: { maxConnections } } }));
    const noteOf = (before: number | null, after: number | null) =>
      describeDifference(limited(before), limited(after))[0]?.note;

    expect(noteOf(null, 10)).toMatch(/^Cuts nobody/);
    expect(noteOf(100, 10)).toMatch(/^Cuts nobody/);
    expect(noteOf(10, 100)).toBeUndefined();
    expect(noteOf(10, null)).toBeUndefined();
  });

  it('says which list decides, and of a kept list that it does not', () => {
    const control = { denyList: fileOf('denyList', '1') };
    const accept = snapshot(configWith({ connections: { control } }), { denyText: '192.0.2.9' });
    const deny = snapshot(configWith({ connections: { control: { ...control, mode: 'deny-except' } } }), {
      denyText: '192.0.2.9\n192.0.2.10',
    });

    expect(describeDifference(accept, deny).map(({ note }) => note)).toEqual([
      'The permit list decides; the deny list is kept.',
      'The list then holds 2 entries. It is kept, but the other list decides.',
    ]);
  });

  it('tells a renewed certificate by its new end', () => {
    const tls = (digit: string) => configWith({ connections: { tls: { certificate: fileOf('certificate', digit) } } });
    const old = snapshot(tls('1'), { certificate: certificate('2026-12-06T00:00:00.000Z') });
    const renewed = snapshot(tls('2'), { certificate: certificate('2027-11-23T00:00:00.000Z') });

    expect(told(old, renewed)).toEqual([
      'SMTP server certificate: CN=mx.example.net, valid until 2026-12-06 → CN=mx.example.net, valid until 2027-11-23',
    ]);
  });

  it('tells two files apart that say the same of themselves', () => {
    const tls = (digit: string) => configWith({ connections: { tls: { certificate: fileOf('certificate', digit) } } });
    const facts = { certificate: certificate('2027-11-23T00:00:00.000Z') };

    expect(told(snapshot(tls('1'), facts), snapshot(tls('2'), facts))[0]).toMatch(/ \(another file\)$/);
  });

  it('says of a private key only that it changed, not even its hash', () => {
    const tls = (digit: string) => configWith({ connections: { tls: { privateKey: fileOf('privateKey', digit) } } });
    const changes = describeDifference(snapshot(tls('1')), snapshot(tls('2')));

    expect(changes).toEqual([
      {
        section: 'Transport Layer Security',
        field: 'connections.tls.privateKey',
        label: 'Private key',
        before: 'A private key',
        after: 'A private key (another file)',
      },
    ]);
  });

  it('warns in words when TLS goes away', () => {
    const on = snapshot(configWith({ connections: { tls: { offersStartTls: true } } }));

    expect(describeDifference(on, untouched)[0]?.note).toBe('Clients will send in clear.');
  });
});
