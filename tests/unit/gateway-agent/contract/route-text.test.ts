// The delivery table as text: every form, every refusal with its line, and a round trip.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { endsInNumber } from '#contract/address-text';
import { DeliveryRoute, maxRoutes } from '#contract/config';
import { formatRoute, formatRoutes, parseRoutes, parseServer } from '#contract/route-text';

/** 'line reason' of what was not taken. */
function refusals(text: string): string[] {
  return parseRoutes(text).refused.map(({ line, reason }) => `${line} ${reason}`);
}

const sample = `# the delivery table
example.net  static  10.0.0.5:25 preference 10, [2001:db8::6]:2525 preference 20  tls required
*.Example.org  MX                      # by its own records
user#1@example.net\tmx mx.other.example:26
b.example mx :2525 TLS off
c.example static a.example , b.example preference 5
*  static mail.example.net
`;

describe('parseRoutes', () => {
  it('reads every form of a row', () => {
    expect(parseRoutes(sample)).toEqual({
      routes: [
        {
          match: 'example.net',
          to: {
            kind: 'static',
            servers: [
              { host: '10.0.0.5', port: 25, preference: 10 },
              { host: '2001:db8::6', port: 2525, preference: 20 },
            ],
          },
          outgoing: 'required',
        },
        { match: '*.example.org', to: { kind: 'mx', name: null, port: 25 }, outgoing: null },
        { match: 'user#1@example.net', to: { kind: 'mx', name: 'mx.other.example', port: 26 }, outgoing: null },
        { match: 'b.example', to: { kind: 'mx', name: null, port: 2525 }, outgoing: 'off' },
        {
          match: 'c.example',
          to: {
            kind: 'static',
            servers: [
              { host: 'a.example', port: 25, preference: 10 },
              { host: 'b.example', port: 25, preference: 5 },
            ],
          },
          outgoing: null,
        },
      ],
      nextHop: { host: 'mail.example.net', port: 25 },
      notices: [],
      refused: [],
    });
  });

  it.each(['\r\n', '\r'])('reads the same with %j as line end and with a byte order mark', (end) => {
    expect(parseRoutes(`\ufeff${sample.replaceAll('\n', end)}`)).toEqual(parseRoutes(sample));
  });

  it('says nothing of the next hop where there is no row for it, and takes MX for it', () => {
    expect(parseRoutes('a.example mx').nextHop).toBeUndefined();
    expect(parseRoutes('* mx').nextHop).toBeNull();
  });

  it.each([
    ['example.net', "1 Write 'mx' or 'static' behind the recipient."],
    ['example.net 10.0.0.5', "1 Write 'mx' or 'static' behind the recipient, not '10.0.0.5'."],
    ['exa_mple.net mx', "1 'exa_mple.net': Not a domain or a mail address."],
    ['a@b@example.net mx', "1 'a@b@example.net': Not a domain or a mail address."],
    ['*.*.example mx', "1 '*.*.example': Not a domain or a mail address."],
    ['example.net mx mx.example extra', "1 There is text after 'mx.example'."],
    ['example.net mx [2001:db8::1]', "1 'example.net': Not a host name."],
    ['example.net mx :0', "1 ':0' is not a port from 1 to 65535."],
    ['example.net mx :x', "1 ':x' is not a port from 1 to 65535."],
    ['example.net mx mx.example:65536', "1 'mx.example:65536' has a port beyond 1 to 65535."],
    ['example.net static', '1 A server is missing: host:port.'],
    ['example.net static a.example,', '1 A server is missing: host:port.'],
    ['example.net static a.example:25:x', "1 'a.example:25:x' is not host:port."],
    ['example.net static a.example 10', "1 Behind 'a.example' stands 'preference' and a number."],
    ['example.net static 2001:db8::5', "1 Write '2001:db8::5' in brackets: [2001:db8::5]:25."],
    ['example.net static [10.0.0.5]', "1 '[10.0.0.5]' has brackets around no IPv6."],
    ['example.net mx tls', "1 Behind 'tls' stands off, opportunistic or required, and nothing else."],
    ['example.net mx tls on', "1 Behind 'tls' stands off, opportunistic or required, and nothing else."],
    ['example.net mx tls off now', "1 Behind 'tls' stands off, opportunistic or required, and nothing else."],
    ['example.net static 10.0.0.300', "1 '300' is over 255."],
    ['example.net static a.example, 10.0.0.256:25', "1 '256' is over 255."],
    ['example.net static 10.0.1', "1 '10.0.1' is not an IPv4 address: it needs four numbers."],
    ['example.net static 010.0.0.1', "1 '010' has a leading zero."],
    ['example.net static mail.300', "1 'mail.300' is not an IPv4 address."],
    ['example.net mx 10.0.0.300', "1 '300' is over 255."],
    ['example.net mx 10.0.0.3:26', "1 '10.0.0.3:26' is an address, which has no MX record."],
    ['10.0.0.300 mx', "1 '10.0.0.300': an address is not a domain."],
    ['*.10.0.0.1 mx', "1 '*.10.0.0.1': an address is not a domain."],
    ['ada@10.0.0.1 mx', "1 'ada@10.0.0.1': an address is not a domain."],
    ['* static 10.0.0.300', "1 '300' is over 255."],
    ['* static a.example, b.example', "1 The row '*' takes one server."],
    ['* mx mx.example', "1 The row '*' takes 'mx' without a name or a port."],
    ['* mx tls off', "1 The row '*' follows the TLS setting of Connections."],
    ['\n# x\na.example mx\nA.example mx', "4 'A.example' stands in line 3 already."],
    ['* mx\n* mx', "2 '*' stands in line 1 already."],
  ])('refuses %j', (text, expected) => {
    expect(refusals(text)).toEqual([expected]);
  });

  it.each([
    'example.net static a.example:0',
    'example.net static a.example:65536',
    'example.net static a_b',
    'a.example static b preference 65536',
  ])('refuses %s by the schema of the configuration', (text) => {
    const { routes, refused } = parseRoutes(text);

    expect([routes.length, refused.length]).toEqual([0, 1]);
  });

  it('reads an address that begins like a comment when it stands in quotes', () => {
    expect(parseRoutes('"#1@example.net" mx\n#1@example.net mx').routes).toMatchObject([{ match: '#1@example.net' }]);
  });

  it('takes what is good around a refused line', () => {
    expect(parseRoutes('a.example mx\nnonsense\nb.example mx').routes.map(({ match }) => match)).toEqual([
      'a.example',
      'b.example',
    ]);
  });

  it('takes as many rows as a configuration holds, and refuses the next one', () => {
    const text = Array.from({ length: maxRoutes + 1 }, (_, row) => `d${row}.example mx`).join('\n');
    const { routes, refused } = parseRoutes(text);

    expect(routes).toHaveLength(maxRoutes);
    expect(refused).toEqual([
      { line: maxRoutes + 1, text: 'd10000.example mx', reason: 'A table holds at most 10000 rows.' },
    ]);
  });
});

describe('formatRoutes', () => {
  it('writes one row a line, and the rest of the table last', () => {
    const { routes } = parseRoutes(sample);

    expect(formatRoutes(routes, { host: '2001:db8::1', port: 25 })).toBe(
      [
        'example.net  static  10.0.0.5:25 preference 10, [2001:db8::6]:2525 preference 20  tls required',
        '*.example.org  mx',
        'user#1@example.net  mx mx.other.example:26',
        'b.example  mx :2525  tls off',
        'c.example  static  a.example:25 preference 10, b.example:25 preference 5',
        '*  static  [2001:db8::1]:25',
        '',
      ].join('\n'),
    );
    expect(formatRoutes([], null)).toBe('*  mx\n');
    expect(formatRoutes([])).toBe('');
  });

  it('writes what parseRoutes reads back to the same', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
    const domain = name.filter((each) => !endsInNumber(each));
    const localPart = fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,12}$/);
    const match = fc.oneof(
      domain,
      domain.map((name) => `*.${name}`),
      fc.tuple(localPart, domain).map(([local, name]) => `${local}@${name}`),
    );
    const port = fc.integer({ min: 1, max: 65_535 });
    const host = fc.oneof(domain, fc.ipV4(), fc.ipV6());
    const server = fc.record({ host, port, preference: fc.integer({ min: 0, max: 65_535 }) });
    const to = fc.oneof(
      fc.record({ kind: fc.constant('mx' as const), name: fc.option(domain), port }),
      fc.record({
        kind: fc.constant('static' as const),
        servers: fc.array(server, { minLength: 1, maxLength: 4 }),
      }),
    );
    const outgoing = fc.option(fc.constantFrom('off' as const, 'opportunistic' as const, 'required' as const));
    const route = fc.record({ match, to, outgoing }).filter((each) => DeliveryRoute.safeParse(each).success);
    const routes = fc.uniqueArray(route, { selector: (each) => each.match, maxLength: 8 });
    const nextHop = fc.option(fc.record({ host: domain, port }));
    fc.assert(
      fc.property(routes, nextHop, (rows, rest) => {
        expect(parseRoutes(formatRoutes(rows, rest))).toEqual({
          routes: rows,
          nextHop: rest,
          notices: [],
          refused: [],
        });
      }),
      { numRuns: 500 },
    );
  });

  it('leaves nothing of any text unsaid', () => {
    const word = fc.constantFrom(
      'a.example',
      '*',
      'mx',
      'static',
      'tls',
      'off',
      ',',
      '#',
      ':25',
      '[::1]',
      'preference',
      '7',
    );
    const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const { routes, nextHop, refused } = parseRoutes(lines.join('\n'));
        const rows = lines.filter((each) => !each.startsWith('#'));

        expect(routes.length + (nextHop === undefined ? 0 : 1) + refused.length).toBe(rows.length);
      }),
    );
  });
});

describe('formatRoute', () => {
  it('keeps the TLS of the row only where it says one', () => {
    const route = DeliveryRoute.parse({ match: 'a.example', to: { kind: 'mx' } });

    expect(formatRoute(route)).toBe('a.example  mx');
    expect(formatRoute({ ...route, outgoing: 'opportunistic' })).toBe('a.example  mx  tls opportunistic');
  });
});

describe('parseServer', () => {
  it('reads a host with or without a port', () => {
    expect(parseServer('a.example')).toEqual({ ok: true, value: { host: 'a.example', port: 25 } });
    expect(parseServer('[2001:db8::1]')).toEqual({ ok: true, value: { host: '2001:db8::1', port: 25 } });
    expect(parseServer('[2001:db8::1]:587')).toEqual({ ok: true, value: { host: '2001:db8::1', port: 587 } });
  });
});
