import { describe, expect, it } from 'vitest';
import type { Destination } from '#contract/config';
import { findServers, type MailResolver } from '../../../../gateway-agent/delivery/find-servers.ts';

type Zone = { mx?: Record<string, [number, string][] | string>; addresses?: Record<string, string[] | string> };

const fail = (code: string) => Object.assign(new Error(code), { code });

/** Answers from the zone; a text is an error code, a missing name does not exist. */
const resolverFor = ({ mx = {}, addresses = {} }: Zone): MailResolver => {
  const look = <T>(zone: Record<string, T[] | string>, name: string): Promise<T[]> => {
    const found = zone[name] ?? 'ENOTFOUND';
    return typeof found === 'string' ? Promise.reject(fail(found)) : Promise.resolve(found);
  };
  return {
    resolveMx: async (name) => (await look(mx, name)).map(([priority, exchange]) => ({ priority, exchange })),
    addressesOf: (host) => look(addresses, host),
  };
};

const byMx: Destination = { kind: 'mx', name: null, port: 25 };
const find = (zone: Zone, destination: Destination = byMx) =>
  findServers({
    destination,
    domain: 'mx.test',
    resolver: resolverFor(zone),
    ourself: { names: new Set(['gateway.test']), isOurselves: (address) => address === '192.0.2.1' },
  });
const hostsOf = async (found: ReturnType<typeof find>) => {
  const result = await found;
  return result.ok ? result.servers.map(({ host }) => host) : result.verdict;
};

describe('findServers', () => {
  const addresses = { 'a.test': ['192.0.2.10'], 'b.test': ['192.0.2.11'], 'gateway.test': ['192.0.2.1'] };

  it('orders MX records by preference and mixes equal ones', async () => {
    const mx = {
      'mx.test': [
        [20, 'b.test'],
        [10, 'a.test'],
      ] as [number, string][],
    };
    expect(await hostsOf(find({ mx, addresses }))).toEqual(['a.test', 'b.test']);

    const equal = {
      'mx.test': [
        [10, 'b.test'],
        [10, 'a.test'],
      ] as [number, string][],
    };
    const firsts = new Set<unknown>();
    for (let round = 0; round < 50; round += 1) firsts.add([await hostsOf(find({ mx: equal, addresses }))].flat()[0]);
    expect(firsts.size).toBe(2);
  });

  it('takes the domain itself where there is no MX record (RFC 5321 §5.1)', async () => {
    expect(await hostsOf(find({ addresses: { 'mx.test': ['192.0.2.12'] } }))).toEqual(['mx.test']);
  });

  it('returns mail for a null MX (RFC 7505) and for a domain that does not exist', async () => {
    expect(await hostsOf(find({ mx: { 'mx.test': [[0, '']] } }))).toMatchObject({ kind: 'bounced', status: '5.1.10' });
    expect(await hostsOf(find({}))).toMatchObject({ kind: 'bounced', status: '5.1.2' });
  });

  it('waits where DNS does not answer', async () => {
    expect(await hostsOf(find({ mx: { 'mx.test': 'ESERVFAIL' } }))).toMatchObject({ kind: 'deferred' });
    expect(await hostsOf(find({ mx: { 'mx.test': [[10, 'a.test']] } }))).toMatchObject({ kind: 'deferred' });
    const late = { 'mx.test': 'EAI_AGAIN' };
    expect(await hostsOf(find({ addresses: late }))).toMatchObject({ kind: 'deferred', status: '4.4.3' });
  });

  it('leaves out this gateway and everybody behind it, by name and by address', async () => {
    const named = {
      'mx.test': [
        [10, 'a.test'],
        [20, 'GATEWAY.test'],
        [30, 'b.test'],
      ] as [number, string][],
    };
    expect(await hostsOf(find({ mx: named, addresses }))).toEqual(['a.test']);

    const first = {
      'mx.test': [
        [10, 'c.test'],
        [20, 'b.test'],
      ] as [number, string][],
    };
    const ours = { ...addresses, 'c.test': ['192.0.2.1'] };
    expect(await hostsOf(find({ mx: first, addresses: ours }))).toMatchObject({ kind: 'bounced', status: '5.4.6' });
  });

  it('keeps mail whose static route leads back here: the operator can repair that', async () => {
    const servers = [{ host: '192.0.2.1', port: 25, preference: 10 }];
    expect(await hostsOf(find({}, { kind: 'static', servers }))).toMatchObject({ kind: 'deferred', status: '4.4.6' });
  });

  it('skips a static server whose name is unknown', async () => {
    const servers = [
      { host: 'gone.test', port: 25, preference: 1 },
      { host: 'a.test', port: 2525, preference: 2 },
    ];
    expect(await find({ addresses }, { kind: 'static', servers })).toEqual({
      ok: true,
      servers: [{ host: 'a.test', port: 2525, addresses: ['192.0.2.10'] }],
    });
  });
});
