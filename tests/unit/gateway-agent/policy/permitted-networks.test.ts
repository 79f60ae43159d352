// The gateway's own networks: by mask, by class, and never wider than a network can be.
import { describe, expect, it } from 'vitest';
import { permittedNetworks } from '../../../../gateway-agent/policy/permitted-networks.ts';

const loopback = ['127.0.0.1/8', '::1/128'];

describe('permittedNetworks', () => {
  it('is empty unless asked for', () => {
    expect(permittedNetworks('none', ['192.0.2.7/24'])).toEqual([]);
  });

  it('takes the subnets of the interfaces, each once', () => {
    const interfaces = [...loopback, '192.0.2.7/25', '192.0.2.8/25', '10.1.2.3/32', '2001:db8:1:2::7/64', 'fe80::1/64'];

    expect(permittedNetworks('subnet', interfaces)).toEqual([
      '192.0.2.0/25',
      '10.1.2.3',
      '2001:db8:1:2::/64',
      'fe80::/64',
    ]);
  });

  it.each([
    ['10.1.2.3/24', '10.0.0.0/8'],
    ['126.1.2.3/24', '126.0.0.0/8'],
    ['128.1.2.3/24', '128.1.0.0/16'],
    ['191.255.2.3/30', '191.255.0.0/16'],
    ['192.0.2.7/30', '192.0.2.0/24'],
    ['223.1.2.3/32', '223.1.2.0/24'],
    ['2001:db8::7/64', '2001:db8::/64'],
  ])('takes by class for %s the network %s', (own, network) => {
    expect(permittedNetworks('class', [...loopback, own])).toEqual([network]);
  });

  it.each(['224.0.0.1/24', '240.0.0.1/4'])('has no class for %s', (own) => {
    expect(permittedNetworks('class', [own])).toEqual([]);
  });

  it.each(['192.0.2.7/0', '192.0.2.7/7', '2001:db8::1/0', '2001:db8::1/31'])(
    'leaves out %s, which would be an open relay',
    (own) => {
      expect(permittedNetworks('subnet', [own])).toEqual([]);
    },
  );

  it.each(['127.0.0.1/8', '127.5.0.1/32', '::1/128', '192.0.2.7', '192.0.2.7/', '/24', 'eth0', ''])(
    'leaves out %j by either way',
    (own) => {
      expect(permittedNetworks('subnet', [own])).toEqual([]);
      expect(permittedNetworks('class', [own])).toEqual([]);
    },
  );
});
