import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../gateway-agent/parse-request.ts';

const secret = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----';
const toBytes = (request: unknown): Buffer => Buffer.from(JSON.stringify(request));
const release = (config: object, files: object = {}): object => ({ config: { schemaVersion: 1, ...config }, files });

describe('parseRequest', () => {
  it('reads a request and fills in the defaults', () => {
    const request = parseRequest(toBytes({ verb: 'check', protocol: 1, release: release({}) }));

    expect(request).toMatchObject({
      ok: true,
      value: { release: { config: { connections: { interface: { port: 25 } } } } },
    });
  });

  it('asks for a newer agent when the protocol is newer, whatever else is in the request', () => {
    const request = parseRequest(toBytes({ verb: 'quarantine', protocol: 2 }));

    expect(request).toMatchObject({ ok: false, problem: { code: 'agent-too-old' } });
  });

  it.each([
    ['no JSON', Buffer.from('EHLO client.test')],
    ['two documents', Buffer.from('{"verb":"hello","protocol":1}{}')],
    ['no UTF-8', Buffer.concat([Buffer.from('{"verb":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])],
    ['nothing', Buffer.alloc(0)],
    ['an unknown verb', toBytes({ verb: 'shell', protocol: 1 })],
    ['an unknown key', toBytes({ verb: 'hello', protocol: 1, root: '/' })],
    ['no protocol', toBytes({ verb: 'hello' })],
    [
      'a file that is no base64',
      toBytes({
        verb: 'check',
        protocol: 1,
        release: release({}, { ['a'.repeat(64)]: { encoding: 'base64', data: '*' } }),
      }),
    ],
  ])('refuses %s', (_, raw) => {
    expect(parseRequest(raw)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('tells a mistyped setting from a malformed request, and names it', () => {
    const request = parseRequest(
      toBytes({ verb: 'check', protocol: 1, release: release({ smtp: { greeting: 'mx' } }) }),
    );

    expect(request).toMatchObject({ ok: false, problem: { code: 'config-rejected' } });
    expect(JSON.stringify(request)).toContain('greeting');
  });

  it.each([
    ['broken JSON', Buffer.from(`{"verb":"apply","key":"${secret.replaceAll('\n', '\\n')}"`)],
    ['a value in the wrong place', toBytes({ verb: secret, protocol: 1 })],
    ['a file under its own content', toBytes({ verb: 'check', protocol: 1, release: release({}, { [secret]: {} }) })],
    [
      'a file that is not encoded',
      toBytes({
        verb: 'check',
        protocol: 1,
        release: release({}, { ['a'.repeat(64)]: { encoding: 'base64', data: secret } }),
      }),
    ],
  ])('quotes no private key from %s', (_, raw) => {
    expect(JSON.stringify(parseRequest(raw))).not.toContain('MC4CAQ');
  });
});
