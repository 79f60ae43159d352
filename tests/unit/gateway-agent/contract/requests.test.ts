// Requests: every released shape is still understood, and nothing unknown is.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '#contract/config';
import { Request } from '#contract/requests';

const folder = new URL('golden/', import.meta.url);

function golden(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;
}

const requests = readdirSync(folder).filter((name) => name.startsWith('request-'));

/** The release in the golden files, read by hand: its three settings and the defaults of schema version 1. */
const releaseOfGolden = {
  config: {
    ...defaultConfig,
    connections: {
      ...defaultConfig.connections,
      interface: { ...defaultConfig.connections.interface, port: 2525 },
      control: { ...defaultConfig.connections.control, denyList: { path: 'lists/deny.txt', sha256: '1'.repeat(64) } },
    },
    messageDelivery: { ...defaultConfig.messageDelivery, nextHop: { host: '127.0.0.1', port: 25 } },
  },
  files: { ['1'.repeat(64)]: { encoding: 'base64', data: 'MTkyLjAuMi4xCg==' } },
};

describe('Request', () => {
  it('has a golden file for every verb', () => {
    const verbs = Request.options.map((option) => option.shape.verb.value);

    const released = new Set(requests.map((name) => String(golden(name)['verb'])));
    expect([...released].toSorted()).toEqual(verbs.toSorted());
  });

  it.each(requests)('understands %s as it was released', (name) => {
    const raw = golden(name);
    const parsed = Request.parse(raw);

    // A configuration comes back with its defaults; everything else as it was sent.
    expect(parsed).toEqual('release' in raw ? { ...raw, release: releaseOfGolden } : raw);
  });

  it.each(requests)('refuses an unknown key in %s', (name) => {
    expect(Request.safeParse({ ...golden(name), extra: true }).success).toBe(false);
  });

  it.each([
    ['an unknown setting', { connections: { interface: { ports: 25 } } }],
    ['a setting in the wrong section', { port: 25 }],
    ['another schema version', { schemaVersion: 2 }],
    [
      'a path outside its place',
      { connections: { control: { denyList: { path: '../current', sha256: 'a'.repeat(64) } } } },
    ],
    [
      'a hash in upper case',
      { connections: { control: { denyList: { path: 'lists/deny.txt', sha256: 'A'.repeat(64) } } } },
    ],
    ['port 0', { connections: { interface: { port: 0 } } }],
    ['port 65536', { connections: { interface: { port: 65_536 } } }],
    ['a port as text', { connections: { interface: { port: '25' } } }],
    ['1441 minutes', { connections: { interface: { idleTimeoutMinutes: 1441 } } }],
    ['a limit of 0', { connections: { interface: { maxConnections: 0 } } }],
    ['no selected address', { connections: { interface: { listenOn: { kind: 'selected', addresses: [] } } } }],
    [
      'a name to listen on',
      { connections: { interface: { listenOn: { kind: 'selected', addresses: ['mx.example.net'] } } } },
    ],
    ['a relay domain that is everything', { messageRule: { relayDomains: ['*'] } }],
    ['a relay domain with a line end', { messageRule: { relayDomains: ['example.net\n'] } }],
    ['a banner with a line end', { smtp: { bannerText: 'ready\r\n220 other' } }],
    ['a route for everything', { messageDelivery: { routes: [{ match: '*', to: { kind: 'mx' } }] } }],
    [
      'a route without servers',
      { messageDelivery: { routes: [{ match: 'example.net', to: { kind: 'static', servers: [] } }] } },
    ],
    [
      'a route with the servers of another kind',
      { messageDelivery: { routes: [{ match: 'example.net', to: { kind: 'mx', servers: [{ host: 'a' }] } }] } },
    ],
    ['a greeting name with a line end', { smtp: { greetingName: 'mx.example.net\r\n220 other' } }],
  ])('refuses a configuration with %s', (_, config) => {
    const request = { verb: 'check', protocol: 1, release: { config: { schemaVersion: 1, ...config } } };

    expect(Request.safeParse(request).success).toBe(false);
  });

  it.each([
    ['a file that is named by no hash', { 'lists/deny.txt': { encoding: 'base64', data: '' } }],
    ['another encoding', { ['a'.repeat(64)]: { encoding: 'utf8', data: 'x' } }],
    ['data that is not base64', { ['a'.repeat(64)]: { encoding: 'base64', data: '*' } }],
  ])('refuses %s', (_, files) => {
    const request = { verb: 'check', protocol: 1, release: { config: { schemaVersion: 1 }, files } };

    expect(Request.safeParse(request).success).toBe(false);
  });
});
