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

    expect(readRouteForm(toRouteForm(route), none)).toEqual({ ok: true, value: route });
    expect(readRouteForm(toRouteForm(mx), none)).toEqual({ ok: true, value: mx });
  });

  it('names the field that is wrong', () => {
    const empty = toRouteForm(null);
    const message = (form: typeof empty, taken = none) => {
      const read = readRouteForm(form, taken);
      return read.ok ? null : read.problem.message;
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

describe('nextServer', () => {
  it('is tried after the last one', () => {
    expect(nextServer([])).toMatchObject({ host: '', port: 25, preference: 10 });
    expect(nextServer(toRouteForm(route).servers).preference).toBe(30);
  });
});
