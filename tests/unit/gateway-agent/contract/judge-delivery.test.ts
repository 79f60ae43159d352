// Message Delivery judged: loops, rows that cannot count, policies and times that contradict.
import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '#contract/config';
import { judgeDelivery } from '#contract/judge-delivery';
import { configWith } from '../../../support/gateway-configs.ts';

type Delivery = NonNullable<Parameters<typeof configWith>[0]['messageDelivery']>;
type Routes = NonNullable<Delivery['routes']>;

const sound = { messageDelivery: { nextHop: { host: 'mail.example.net' } } };
const mx = { kind: 'mx' as const };

function verdict(config: GatewayConfig, ownAddresses: string[] = []): string[] {
  return judgeDelivery(config, ownAddresses).map(({ severity, code }) => `${severity} ${code}`);
}

/** With a next hop, so that only the rows are judged. */
function verdictOfRoutes(routes: Routes, ownAddresses: string[] = []): string[] {
  return verdict(configWith({ messageDelivery: { ...sound.messageDelivery, routes } }), ownAddresses);
}

function staticTo(...servers: { host: string; port?: number; preference?: number }[]) {
  return { kind: 'static' as const, servers };
}

describe('judgeDelivery', () => {
  it('only mentions that mail goes by MX record', () => {
    expect(verdict(configWith({}))).toEqual(['notice delivers-by-mx']);
    expect(verdict(configWith(sound))).toEqual([]);
  });

  it.each([
    [{ kind: 'loopback' }, '127.0.0.1', 25],
    [{ kind: 'loopback' }, '::1', 25],
    [{ kind: 'loopback' }, 'localhost', 25],
    [{ kind: 'all' }, '127.0.0.9', 25],
    [{ kind: 'all' }, '::ffff:127.0.0.1', 25],
    [{ kind: 'selected', addresses: ['2001:db8::1'] }, '2001:0db8::0:1', 25],
  ] as const)('refuses a next hop that is its own listener: %j, %s', (listenOn, host, port) => {
    const onItself = configWith({
      ...sound,
      connections: { interface: { listenOn: listenOn as GatewayConfig['connections']['interface']['listenOn'] } },
      messageDelivery: { nextHop: { host, port } },
    });
    const onAnotherPort = {
      ...onItself,
      messageDelivery: { ...onItself.messageDelivery, nextHop: { host, port: 2525 } },
    };

    expect(verdict(onItself)).toEqual(['error relay-to-itself']);
    expect(verdict(onAnotherPort)).toEqual([]);
  });

  it('leaves a next hop on this host alone where the gateway does not listen there', () => {
    const listenOn = { kind: 'selected' as const, addresses: ['192.0.2.1'] };

    expect(
      verdict(
        configWith({
          ...sound,
          connections: { interface: { listenOn } },
          messageDelivery: { nextHop: { host: '127.0.0.1' } },
        }),
      ),
    ).toEqual([]);
  });

  it('finds the own addresses of the gateway once it knows them', () => {
    const config = configWith({ messageDelivery: { nextHop: { host: '198.51.100.7' } } });
    const elsewhere = configWith({
      connections: { interface: { listenOn: { kind: 'loopback' } } },
      messageDelivery: { nextHop: { host: '198.51.100.7' } },
    });

    expect(verdict(config)).toEqual([]);
    expect(verdict(config, ['198.51.100.7'])).toEqual(['error relay-to-itself']);
    expect(verdict(elsewhere, ['198.51.100.7'])).toEqual([]);
  });

  it('refuses a route whose any server is its own listener', () => {
    const routes = [{ match: 'example.net', to: staticTo({ host: '192.0.2.1' }, { host: 'localhost' }) }];
    const findings = judgeDelivery(configWith({ messageDelivery: { ...sound.messageDelivery, routes } }), []);

    expect(findings).toEqual([expect.objectContaining({ severity: 'error', code: 'relay-to-itself' })]);
    expect(findings[0]?.message).toMatch(/^Route example\.net: localhost, port 25, is this gateway's own listener/);
    expect(verdictOfRoutes([{ match: 'example.net', to: staticTo({ host: 'localhost', port: 2525 }) }])).toEqual([]);
    expect(verdictOfRoutes(routes.slice(1), ['192.0.2.1'])).toEqual([]);
  });

  it('warns of a server that bears the name it greets with', () => {
    const settings = {
      smtp: { greetingName: 'mx.example.net' },
      messageDelivery: { nextHop: { host: 'MX.example.net' } },
    };

    expect(verdict(configWith(settings))).toEqual(['warning relay-to-own-name']);
  });

  it('refuses two rows for one recipient, whatever their case', () => {
    expect(
      verdictOfRoutes([
        { match: 'Example.net', to: mx },
        { match: 'example.net', to: staticTo({ host: 'a.example' }) },
        { match: '*.example.net', to: mx },
      ]),
    ).toEqual(['error route-twice']);
  });

  it('warns of a server named twice in a row, whatever its spelling', () => {
    const twice = staticTo({ host: '2001:db8::1' }, { host: '2001:0db8::0:1', preference: 20 });
    const other = staticTo({ host: 'a.example' }, { host: 'a.example', port: 26 });

    expect(verdictOfRoutes([{ match: 'example.net', to: twice }])).toEqual(['warning route-server-twice']);
    expect(verdictOfRoutes([{ match: 'example.net', to: other }])).toEqual([]);
  });

  it('refuses a mistyped address in the place of a server', () => {
    const nextHop = configWith({ messageDelivery: { nextHop: { host: '10.0.0.300' } } });

    expect(verdict(nextHop)).toEqual(['error mistyped-address']);
    expect(
      verdictOfRoutes([{ match: 'example.net', to: staticTo({ host: 'a.example' }, { host: '10.0.1' }) }]),
    ).toEqual(['error mistyped-address']);
  });

  it('refuses to look up the MX record of an address', () => {
    expect(verdictOfRoutes([{ match: 'example.net', to: { ...mx, name: '192.0.2.1' } }])).toEqual([
      'error mx-of-address',
    ]);
  });

  it('shows a hundred findings about rows, errors first, and counts the others', () => {
    const servers = staticTo({ host: 'a.example' }, { host: 'a.example' });
    const rows = Array.from({ length: 200 }, (_, row) => ({ match: `d${row}.example`, to: servers }));

    const found = verdictOfRoutes([...rows, { match: 'd7.example', to: mx }]);

    expect(found).toHaveLength(101);
    expect(found[0]).toBe('error route-twice');
    expect(found.at(-1)).toBe('notice routes-more');
  });

  it.each([
    [{ peerPolicies: 'enforce', nextHop: { host: 'a.example' } }, 'opportunistic', ['notice peer-policies-unused']],
    [{ peerPolicies: 'monitor' }, 'off', ['notice peer-policies-use-tls']],
    [{ peerPolicies: 'monitor' }, 'opportunistic', []],
    [
      { peerPolicies: 'enforce', nextHop: { host: 'a.example' }, routes: [{ match: 'b.example', to: mx }] },
      'required',
      [],
    ],
    [
      {
        peerPolicies: 'enforce',
        nextHop: { host: 'a.example' },
        routes: [{ match: 'b.example', to: mx, outgoing: 'off' }],
      },
      'required',
      ['notice peer-policies-use-tls'],
    ],
  ] as const)('judges %j with outgoing TLS %s', (messageDelivery, outgoing, expected) => {
    const config = configWith({
      messageDelivery: messageDelivery as unknown as Delivery,
      connections: { tls: { outgoing } },
    });

    expect(verdict(config).filter((finding) => finding !== 'notice delivers-by-mx')).toEqual(expected);
  });

  it.each([
    [{ giveUpAfterHours: 95 }, ['warning give-up-soon']],
    [{ giveUpAfterHours: 96, delayNoticeAfterHours: 95 }, []],
    [{ giveUpAfterHours: 96, delayNoticeAfterHours: 96 }, ['warning delay-notice-never']],
    [{ giveUpAfterHours: 96, delayNoticeAfterHours: null }, []],
    [{ giveUpAfterHours: 2 }, ['warning give-up-soon', 'warning delay-notice-never']],
  ])('judges the times %j', (times, expected) => {
    expect(verdict(configWith({ messageDelivery: { ...sound.messageDelivery, ...times } }))).toEqual(expected);
  });
});
