import { describe, expect, it } from 'vitest';
import type { Draft } from '#ipc';
import { defaultSettings } from '../../../../../gateway-agent/contract/settings.ts';
import { judgeDelivery } from '../../../../../renderer/features/delivery/judge-delivery.ts';

function judge(change: (delivery: Draft['settings']['messageDelivery']) => void) {
  const settings = structuredClone(defaultSettings);
  change(settings.messageDelivery);
  return judgeDelivery({ settings, overrides: [], denyText: '', permitText: '' });
}
const mx = { kind: 'mx' as const, name: null, port: 25 };

describe('judgeDelivery', () => {
  it('has nothing against the defaults', () => {
    expect(judge(() => undefined)).toEqual({});
  });

  it('names every field that is wrong', () => {
    const problems = judge((delivery) => {
      delivery.nextHop = { host: '', port: 0 };
      delivery.maxConnectionsPerDestination = 101;
      delivery.giveUpAfterHours = Number.NaN;
    });

    expect(Object.keys(problems).toSorted()).toEqual([
      'messageDelivery.giveUpAfterHours',
      'messageDelivery.maxConnectionsPerDestination',
      'messageDelivery.nextHop.host',
      'messageDelivery.nextHop.port',
    ]);
  });

  it('takes no mistyped address for the name of a server', () => {
    const problems = judge((delivery) => {
      delivery.nextHop = { host: '10.0.0.300', port: 25 };
      const servers = [{ host: '10.0.1', port: 25, preference: 10 }];
      delivery.routes = [{ match: 'a.test', to: { kind: 'static', servers }, outgoing: null }];
    });

    expect(problems['messageDelivery.nextHop.host']).toBe("'300' is over 255.");
    expect(problems['messageDelivery.routes']).toContain('a.test');
  });

  it('refuses two routes for one recipient, and a notice after the end', () => {
    const twice = judge((delivery) => {
      delivery.routes = [
        { match: 'a.test', to: mx, outgoing: null },
        { match: 'a.test', to: mx, outgoing: 'off' },
      ];
    });
    const late = judge((delivery) => {
      delivery.giveUpAfterHours = 4;
    });

    expect(twice['messageDelivery.routes']).toContain('two routes for a.test');
    expect(late['messageDelivery.delayNoticeAfterHours']).toContain('less than');
  });
});
