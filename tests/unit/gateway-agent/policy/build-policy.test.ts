// What a configuration becomes for those who decide.
import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../../../../gateway-agent/policy/build-policy.ts';
import { configWith } from '../../../support/gateway-configs.ts';

const files = { denyText: '192.0.2.1\n', permitText: '10.0.0.0/8\n10.1.0.0/16\n' };

describe('buildPolicy', () => {
  it('compiles the list of the active mode only', () => {
    expect(buildPolicy(configWith({}), files).control.list.size).toBe(1);
    expect(
      buildPolicy(configWith({ connections: { control: { mode: 'deny-except' } } }), files).control.list.size,
    ).toBe(2);
  });

  it('carries over what decisions read', () => {
    const policy = buildPolicy(
      configWith({
        connections: { interface: { maxConnections: 7 }, tls: { offersStartTls: true } },
        messageRule: { maxMessagesPerConnection: 5, maxMegabytesPerConnection: 2, rejectsUnknownSenderDomain: true },
        messageDelivery: { routes: [{ match: 'example.net', to: { kind: 'mx' } }] },
      }),
      files,
    );

    expect(policy).toMatchObject({
      maxConnections: 7,
      tls: { offersStartTls: true, requiresStartTls: false },
      origin: { rejectsUnknownSenderDomain: true, rejectsClientWithoutReverseDns: false },
      allowance: { maxMessages: 5, maxBytes: 2 * 1024 * 1024 },
      outgoing: 'off',
    });
    expect(policy.routes.count).toBe(1);
    expect(policy.routes.choose('anna@example.net').because).toBe('Route example.net');
  });

  it('permits the networks of the interfaces only when the rule says so and they are known', () => {
    const sizeOf = (permitsNetwork: 'none' | 'subnet', interfaces?: string[]) =>
      buildPolicy(configWith({ messageRule: { permitsNetwork } }), files, interfaces).relay.permittedNetworks.size;

    expect(sizeOf('subnet', ['192.0.2.7/24', '127.0.0.1/8'])).toBe(1);
    expect(sizeOf('subnet')).toBe(0);
    expect(sizeOf('none', ['192.0.2.7/24'])).toBe(0);
  });

  it('reports permitted senders that are none, and takes mail from the others', () => {
    const { permittedSenders } = buildPolicy(
      configWith({ messageRule: { permittedSenders: ['nobody', '10.0.0.1'] } }),
      files,
    ).relay;

    expect(permittedSenders.size).toBe(1);
    expect(permittedSenders.refused).toHaveLength(1);
  });
});
