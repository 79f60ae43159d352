import { describe, expect, it } from 'vitest';
import { DeliveryRoute } from '../../../../../gateway-agent/contract/config.ts';
import { nextServer, readRouteForm, toRouteForm } from '../../../../../renderer/features/delivery/route-form.ts';

const none: ReadonlySet<string> = new Set();
const route = DeliveryRoute.parse({
  match: '*.example.net',
  to: { kind: 'static', servers: [{ host: '10.0.0.5' }, { host: '2001:db8::5', port: 26, preference: 20 }] },
  outgoing: 'required',
});

describe('readRouteForm', () => {
  it('gives back the route that the form was made of', () => {
    const mx = DeliveryRoute.parse({ match: 'a@b.test', to: { kind: 'mx', name: 'mx.b.test', port: 2525 } });

    expect(readRouteForm(toRouteForm(route), none)).toEqual({ route });
    expect(readRouteForm(toRouteForm(mx), none)).toEqual({ route: mx });
  });

  it('names the field that is wrong', () => {
    const empty = toRouteForm(null);
    const message = (form: typeof empty, taken = none) => {
      const read = readRouteForm(form, taken);
      return 'words' in read ? read.words : null;
    };
    const matched = { ...empty, match: 'Example.NET' };
    const [first] = toRouteForm(route).servers;

    expect(message(empty)).toMatch(/^Type a domain/);
    expect(message({ ...empty, match: '*' })).toMatch(/Everything else/);
    expect(message(matched)).toBe('Server 1: type a host name or an IP address.');
    expect(message({ ...matched, servers: [first!, { ...first!, preference: -1 }] })).toMatch(/^Server 2: the pref/);
    expect(message({ ...matched, kind: 'mx', mxPort: Number.NaN })).toMatch(/port/);
    expect(message({ ...matched, kind: 'mx', mxName: 'no name' })).toMatch(/MX record/);
    expect(message({ ...matched, kind: 'mx' }, new Set(['example.net']))).toMatch(/example\.net already/);
    expect(message({ ...matched, kind: 'mx' })).toBeNull();
  });
});

describe('readRouteForm, where it refuses', () => {
  const form = { ...toRouteForm(null), match: 'example.net' };
  const withHost = (host: string) => ({ ...form, servers: [{ ...form.servers[0]!, host }] });

  it('says which field is wrong', () => {
    expect(readRouteForm(withHost(''), none)).toMatchObject({ field: 'host-0' });
    expect(readRouteForm({ ...form, match: '' }, none)).toMatchObject({ field: 'match' });
    expect(readRouteForm({ ...form, kind: 'mx', mxPort: 0 }, none)).toMatchObject({ field: 'mxPort' });
  });

  it('takes no mistyped address for a host name, nor an address for a domain', () => {
    expect(readRouteForm(withHost('10.0.0.300'), none)).toEqual({
      field: 'host-0',
      words: "Server 1: '300' is over 255.",
    });
    expect(readRouteForm(withHost('64:ff9b::192.0.2.1'), none)).toHaveProperty('route');
    expect(readRouteForm({ ...withHost('10.0.0.30'), match: '10.0.0.1' }, none)).toMatchObject({ field: 'match' });
    expect(readRouteForm({ ...form, kind: 'mx', mxName: '10.0.0.3' }, none)).toMatchObject({ field: 'mxName' });
  });

  it('says what to do about a pasted port, brackets, and another script', () => {
    expect(readRouteForm(withHost('10.0.0.5:25'), none)).toMatchObject({ words: expect.stringContaining('own field') });
    expect(readRouteForm(withHost('[::1]'), none)).toMatchObject({ words: expect.stringContaining('no brackets') });
    expect(readRouteForm({ ...form, match: 'bücher.example' }, none)).toMatchObject({
      words: 'Write the domain in ASCII: xn--…',
    });
  });
});

describe('nextServer', () => {
  it('is tried after the last one', () => {
    expect(nextServer([])).toMatchObject({ host: '', port: 25, preference: 10 });
    expect(nextServer(toRouteForm(route).servers).preference).toBe(30);
  });
});
