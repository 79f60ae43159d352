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
        messageDelivery: { nextHop: { host: 'mail.example.net' } },
      }),
      files,
    );

    expect(policy).toMatchObject({
      maxConnections: 7,
      tls: { offersStartTls: true, requiresStartTls: false },
      nextHop: { host: 'mail.example.net', port: 25 },
    });
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
