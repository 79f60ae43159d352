import { describe, expect, it } from 'vitest';
import { parseNameserver, parseResolvConf } from '../../../../../gateway-agent/delivery/peer-policy/nameservers.ts';

describe('parseResolvConf', () => {
  it('trusts what is on loopback, and nothing else', () => {
    expect(parseResolvConf('# mine\nnameserver 127.0.0.53\nnameserver 192.0.2.1 # far\nnameserver ::1\n')).toEqual([
      { address: '127.0.0.53', port: 53, isTrusted: true },
      { address: '192.0.2.1', port: 53, isTrusted: false },
      { address: '::1', port: 53, isTrusted: true },
    ]);
  });

  it('trusts what the operator vouches for', () => {
    const text = 'search a.test\noptions edns0 trust-ad\nnameserver 192.0.2.1';

    expect(parseResolvConf(text)).toEqual([{ address: '192.0.2.1', port: 53, isTrusted: true }]);
  });

  it('asks this machine where nobody is named, and never more than three', () => {
    expect(parseResolvConf('')).toMatchObject([{ address: '127.0.0.1' }]);
    expect(parseResolvConf('nameserver 192.0.2.1\n'.repeat(5))).toHaveLength(3);
  });
});

describe('parseNameserver', () => {
  it.each([
    ['127.0.0.1', { address: '127.0.0.1', port: 53, isTrusted: true }],
    ['192.0.2.1:5353', { address: '192.0.2.1', port: 5353, isTrusted: false }],
    ['[::1]:5353', { address: '::1', port: 5353, isTrusted: true }],
    ['localhost', null],
    ['127.0.0.1:0', null],
    ['127.0.0.1:65536', null],
  ])('%s', (text, expected) => {
    expect(parseNameserver(text)).toEqual(expected);
  });
});
