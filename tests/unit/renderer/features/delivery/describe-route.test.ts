import { describe, expect, it } from 'vitest';
import { chooseRoute } from '../../../../../gateway-agent/policy/choose-route.ts';
import { MessageDeliveryConfig, type DeliveryRoute } from '../../../../../gateway-agent/contract/config.ts';
import {
  describeDestination,
  filterRoutes,
  findRoute,
} from '../../../../../renderer/features/delivery/describe-route.ts';

const server = (host: string, preference: number) => ({ host, port: 25, preference });
const to = (host: string): DeliveryRoute['to'] => ({ kind: 'static', servers: [server(host, 10)] });
const routes: DeliveryRoute[] = ['*.example.net', 'example.net', 'ada@example.net', '*.mail.example.net'].map(
  (match) => ({ match, to: to(`via-${match.replace(/[*@]/g, 'x')}`), outgoing: null }),
);

describe('describeDestination', () => {
  it('tells MX with its name and port, and servers in the order of their preference', () => {
    expect(describeDestination({ kind: 'mx', name: null, port: 25 })).toBe('MX of the recipient’s own domain');
    expect(describeDestination({ kind: 'mx', name: 'mx.b.test', port: 26 })).toBe('MX of mx.b.test, port 26');
    expect(
      describeDestination({
        kind: 'static',
        servers: [server('c.test', 20), server('192.0.2.1', 10), server('2001:db8::1', 10)],
      }),
    ).toBe('192.0.2.1:25 or [2001:db8::1]:25, then c.test:25');
  });
});

describe('findRoute', () => {
  it('says what the gateway itself would choose', () => {
    const delivery = MessageDeliveryConfig.parse({ routes });
    const recipients = ['Ada@Example.net', 'bob@example.net', 'x@a.example.net', 'x@b.mail.example.net', 'x@b.test'];

    const byMx = { kind: 'mx', name: null, port: 25 };
    expect(recipients.map((recipient) => findRoute(routes, recipient)?.to ?? byMx)).toEqual(
      recipients.map((recipient) => chooseRoute(delivery, recipient).destination),
    );
    expect(recipients.map((recipient) => findRoute(routes, recipient)?.match ?? null)).toEqual([
      'ada@example.net',
      'example.net',
      '*.example.net',
      '*.mail.example.net',
      null,
    ]);
  });
});

describe('filterRoutes', () => {
  it('looks at the match and at the destination', () => {
    expect(filterRoutes(routes, 'ADA@').map(({ match }) => match)).toEqual(['ada@example.net']);
    expect(filterRoutes(routes, 'via-x.mail')).toHaveLength(1);
    expect(filterRoutes(routes, ' ')).toHaveLength(4);
  });

  it('shows the route that takes a recipient whom no route names', () => {
    expect(filterRoutes(routes, 'x@a.example.net').map(({ match }) => match)).toEqual(['*.example.net']);
    expect(filterRoutes(routes, 'x@b.test')).toEqual([]);
  });
});
