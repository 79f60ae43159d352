// The table that the classic Windows edition exports. The sample is our own, written by what its help page says.
import { describe, expect, it } from 'vitest';
import { readClassicRoutes } from '#contract/classic-routes';
import { maxRoutes } from '#contract/config';

function tableOf(...keys: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<IMSS_DBD>\n${keys.join('\n')}\n</IMSS_DBD>\n`;
}

function key(attributes: string, values: Record<string, string>): string {
  const lines = Object.entries(values).map(([name, value]) => `<value name="${name}">${value}</value>`);
  return `<key ${attributes}>${lines.join('')}</key>`;
}

function read(...keys: string[]) {
  const table = readClassicRoutes(tableOf(...keys));
  if (!table.ok) throw new Error(table.problem.message);
  return table.value;
}

const domain = 'section="DomainRelay" domain="example.net"';
const viaHost = (host: string) => ({ UseMethod: '1', SmartHostCount: '1', SmartHost0: host });

describe('readClassicRoutes', () => {
  it('reads smart hosts in their order, DNS, and the default', () => {
    const table = read(
      '<!-- version check -->',
      key('section="MetaInfo"', { version: '7.1', build: '0000', platform: 'Win32' }),
      key('section="DefaultRelay"', viaHost('mail.example.com:2525')),
      key(domain, { UseMethod: '1', SmartHostCount: '2', SmartHost0: '10.0.0.5:25', SmartHost1: 'b.example:26:0::' }),
      key('section="DomainRelay" domain="*.Example.org"', { UseMethod: '0', DNSServerCount: '0' }),
      key('section="DomainRelay" domain="other.example"', {}),
    );

    expect(table).toEqual({
      routes: [
        {
          match: 'example.net',
          to: {
            kind: 'static',
            servers: [
              { host: '10.0.0.5', port: 25, preference: 10 },
              { host: 'b.example', port: 26, preference: 20 },
            ],
          },
          outgoing: null,
        },
        { match: '*.example.org', to: { kind: 'mx', name: null, port: 25 }, outgoing: null },
        { match: 'other.example', to: { kind: 'mx', name: null, port: 25 }, outgoing: null },
      ],
      nextHop: { host: 'mail.example.com', port: 2525 },
      notices: [],
      refused: [],
    });
  });

  it('takes the domain as attribute or as value, under any section, also in a group', () => {
    const table = read(
      key('section="Anything" Domain="a.example"', {}),
      key('section="x"', { Domain: 'b.example' }),
      `<key section="group">${key('section="y" domain="c.example"', {})}</key>`,
    );

    expect(table.routes.map(({ match }) => match)).toEqual(['a.example', 'b.example', 'c.example']);
    expect(table.refused).toEqual([]);
  });

  it('takes 25 where a smart host names no port, and MX for a default by DNS', () => {
    const table = read(key(domain, viaHost('a.example')), key('section="DefaultRelay"', { UseMethod: '0' }));

    expect(table.routes[0]?.to).toMatchObject({ servers: [{ host: 'a.example', port: 25 }] });
    expect(table.nextHop).toBeNull();
  });

  it('says that own DNS servers are left out', () => {
    const table = read(key(domain, { UseMethod: '0', DNSServerCount: '1', DNSServer0: '10.0.0.53' }));

    expect(table.routes).toHaveLength(1);
    expect(table.notices).toEqual([{ line: 3, text: expect.stringContaining('DNS servers are left out') as string }]);
  });

  it('refuses a smart host with a sign-in without repeating the password', () => {
    const table = read(key(domain, viaHost('a.example:25:1:anna:hunter2')));

    expect(table.routes).toEqual([]);
    expect(table.refused[0]?.reason).toMatch(/^SmartHost0 asks for a sign-in/);
    expect(JSON.stringify(table)).not.toMatch(/anna|hunter2/);
  });

  it.each([
    [key('section="x"', {}), 'A key without a domain.'],
    ['<other/>', '<other> is not known here.'],
    [key(domain, { UseMethod: '2' }), 'UseMethod is neither 0 (DNS) nor 1 (smart host).'],
    [key(domain, { UseMethod: '1' }), 'SmartHostCount is not a number from 1 to 50.'],
    [key(domain, { UseMethod: '1', SmartHostCount: '0' }), 'SmartHostCount is not a number from 1 to 50.'],
    [key(domain, { UseMethod: '1', SmartHostCount: '2', SmartHost0: 'a.example' }), 'SmartHost1 is missing.'],
    [key(domain, viaHost('a.example:x')), "'a.example:x' is not host:port."],
    [key(domain, viaHost('10.0.0.300:25')), "'300' is over 255."],
    [key('section="DefaultRelay"', viaHost('10.0.0.300')), "'300' is over 255."],
    [key('section="x" domain="10.0.0.300"', {}), "'10.0.0.300': an address is not a domain."],
    [key('section="x" domain="not a domain"', {}), "'not a domain': Not a domain or a mail address."],
    [
      key('section="DefaultRelay"', { UseMethod: '1', SmartHostCount: '2', SmartHost0: 'a', SmartHost1: 'b' }),
      'The rest of the table takes one server only.',
    ],
  ])('refuses %s', (row, reason) => {
    expect(read(row)).toMatchObject({ routes: [], refused: [{ line: 3, reason }] });
  });

  it('refuses a second row for a domain, and a second default', () => {
    const table = read(
      key(domain, {}),
      key('section="x" domain="EXAMPLE.net"', {}),
      key('section="DefaultRelay"', {}),
      key('section="DefaultRelay"', {}),
    );

    expect(table.refused).toEqual([
      { line: 4, text: 'EXAMPLE.net', reason: 'It stands in line 3 already.' },
      { line: 6, text: 'DefaultRelay', reason: 'There is a second default.' },
    ]);
  });

  it('refuses what is no such table, or no XML', () => {
    expect(readClassicRoutes('<html></html>')).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(readClassicRoutes('example.net mx')).toMatchObject({ ok: false });
    expect(readClassicRoutes('<!DOCTYPE x><IMSS_DBD/>')).toMatchObject({ ok: false });
  });

  it('reads as many rows as a configuration holds', () => {
    const rows = Array.from({ length: maxRoutes + 1 }, (_, row) =>
      key(`domain="d${row}.example"`, viaHost('a.example')),
    );
    const table = read(...rows);

    expect(table.routes).toHaveLength(maxRoutes);
    expect(table.refused.map(({ reason }) => reason)).toEqual(['A table holds at most 10000 rows.']);
  });
});
