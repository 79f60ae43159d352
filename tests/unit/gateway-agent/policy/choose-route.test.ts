// Where mail goes: the most precise row, then the next hop, then MX.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { chooseRoute, compileRoutes, qualifyRecipient } from '../../../../gateway-agent/policy/choose-route.ts';
import { configWith } from '../../../support/gateway-configs.ts';

type Delivery = NonNullable<Parameters<typeof configWith>[0]['messageDelivery']>;

function deliveryWith(messageDelivery: Delivery) {
  return configWith({ messageDelivery }).messageDelivery;
}

const server = (host: string) => ({ kind: 'static' as const, servers: [{ host }] });
const table = deliveryWith({
  nextHop: { host: 'rest.example', port: 2525 },
  routes: [
    { match: '*.example.net', to: server('below.example') },
    { match: '*.deep.example.net', to: server('deeper.example'), outgoing: 'required' },
    { match: 'example.net', to: server('domain.example') },
    { match: 'Anna@example.net', to: server('anna.example') },
    { match: 'mx.example', to: { kind: 'mx', name: 'other.example', port: 26 } },
  ],
});

describe('chooseRoute', () => {
  it.each([
    ['anna@example.net', 'anna.example'],
    ['ANNA@Example.NET', 'anna.example'],
    ['"anna"@example.net', 'anna.example'],
    ['ben@example.net', 'domain.example'],
    ['anna+tag@example.net', 'domain.example'],
    ['"anna@example.net"@mail.example.net', 'below.example'],
    ['ben@mail.example.net', 'below.example'],
    ['ben@deep.example.net', 'below.example'],
    ['ben@a.deep.example.net', 'deeper.example'],
    ['ben@a.b.deep.example.net', 'deeper.example'],
    ['ben@notexample.net', 'rest.example'],
    ['ben@net', 'rest.example'],
    ['postmaster', 'rest.example'],
    ['ben@[192.0.2.1]', 'rest.example'],
    ['', 'rest.example'],
  ])('sends %s to %s', (recipient, host) => {
    expect(chooseRoute(table, recipient).destination).toMatchObject({ kind: 'static', servers: [{ host }] });
  });

  it('says why, with the TLS of the row', () => {
    expect(chooseRoute(table, 'ben@a.deep.example.net')).toMatchObject({
      outgoing: 'required',
      because: 'Route *.deep.example.net',
    });
    expect(chooseRoute(table, 'ben@mx.example')).toEqual({
      destination: { kind: 'mx', name: 'other.example', port: 26 },
      outgoing: null,
      because: 'Route mx.example',
    });
    expect(chooseRoute(table, 'ben@elsewhere.example')).toEqual({
      destination: { kind: 'static', servers: [{ host: 'rest.example', port: 2525, preference: 10 }] },
      outgoing: null,
      because: 'Next hop',
    });
  });

  it('goes by MX record where there is neither a row nor a next hop', () => {
    expect(chooseRoute(deliveryWith({}), 'ben@example.net')).toEqual({
      destination: { kind: 'mx', name: null, port: 25 },
      outgoing: null,
      because: 'No route and no next hop',
    });
  });

  it.each([
    ['ben@[192.0.2.1]', '192.0.2.1'],
    ['ben@[IPv6:2001:DB8::1]', '2001:db8::1'],
  ])('takes the literal of %s for the server itself', (recipient, host) => {
    expect(chooseRoute(deliveryWith({}), recipient).destination).toMatchObject({ servers: [{ host, port: 25 }] });
  });

  it.each(['ben@[192.0.2.256]', 'ben@[x]', 'ben@[IPv6:]'])(
    'leaves %s, which is no address, to fail by MX',
    (recipient) => {
      expect(chooseRoute(deliveryWith({}), recipient).destination.kind).toBe('mx');
    },
  );
});

describe('compileRoutes', () => {
  it('answers as a look at every row would, whatever the order of the rows', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const match = fc.oneof(
      domain,
      domain.map((name) => `*.${name}`),
      domain.map((name) => `u@${name}`),
    );
    fc.assert(
      fc.property(fc.uniqueArray(match, { maxLength: 12 }), domain, (matches, name) => {
        const routes = matches.map((each) => ({ match: each, to: server('mx.example') }));
        const recipient = `u@${name}`;
        const rank = (each: string): number => {
          if (each === recipient) return 1000;
          if (each === name) return 900;
          return each.startsWith('*.') && name.endsWith(each.slice(1)) ? each.length : -1;
        };
        const best = matches.filter((each) => rank(each) >= 0).toSorted((a, b) => rank(b) - rank(a))[0];

        expect(compileRoutes(deliveryWith({ routes })).choose(recipient).because).toBe(
          best === undefined ? 'No route and no next hop' : `Route ${best}`,
        );
      }),
    );
  });

  it('chooses among 10,000 rows in well under a tenth of a millisecond', () => {
    const routes = Array.from({ length: 10_000 }, (_, row) => ({ match: `d${row}.example`, to: server('mx.example') }));
    const compiled = compileRoutes(deliveryWith({ routes }));

    const start = process.cpuUsage(); // other tests run beside this one
    for (let row = 0; row < 10_000; row++) compiled.choose(`user@a.b.c.d${row}.example`);

    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
  });
});

describe('qualifyRecipient', () => {
  it('gives only the bare postmaster an address', () => {
    expect(qualifyRecipient('PostMaster', 'admin@example.net')).toBe('admin@example.net');
    expect(qualifyRecipient('postmaster@example.org', 'admin@example.net')).toBe('postmaster@example.org');
  });
});
