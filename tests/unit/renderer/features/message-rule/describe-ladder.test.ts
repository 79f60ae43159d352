import { describe, expect, it } from 'vitest';
import type { Draft } from '#ipc';
import { defaultSettings } from '../../../../../gateway-agent/contract/settings.ts';
import { describeLadder } from '../../../../../renderer/features/message-rule/describe-ladder.ts';

function draft(change: (draft: Draft) => void = () => undefined): Draft {
  const made: Draft = { settings: structuredClone(defaultSettings), overrides: [], denyText: '', permitText: '' };
  change(made);
  return made;
}
const wordsOf = (of: Draft) => describeLadder(of).map(({ words }) => words);

describe('describeLadder', () => {
  it('tells the defaults, in the order of the gateway', () => {
    expect(describeLadder(draft()).map(({ rule }) => rule)).toEqual([
      'connection-control',
      'simultaneous-connections',
      'tls-requirement',
      'message-rule',
      'delivery',
    ]);
    expect(wordsOf(draft())).toEqual([
      'Every address may connect',
      'No limit',
      'TLS is not offered: mail comes in clear',
      'To no domain from everybody; to any domain from the gateway itself; up to 25 MB and 1,000 recipients',
      'Everything by MX record',
    ]);
  });

  it('follows the draft', () => {
    const words = wordsOf(
      draft((made) => {
        const { connections, messageRule, messageDelivery } = made.settings;
        made.permitText = '# office\n192.0.2.0/24\n\n198.51.100.7 # scanner\n';
        connections.control.mode = 'deny-except';
        connections.interface.maxConnections = 2000;
        connections.tls.offersStartTls = true;
        connections.tls.requiresStartTls = true;
        messageRule.relayDomains = ['example.net'];
        messageRule.permitsGatewayItself = false;
        messageRule.permitsNetwork = 'subnet';
        messageRule.permittedSenders = ['192.0.2.7'];
        messageDelivery.nextHop = { host: 'store.example.net', port: 26 };
        messageDelivery.routes = [{ match: 'a.test', to: { kind: 'mx', name: null, port: 25 }, outgoing: null }];
      }),
    );

    expect(words).toEqual([
      'Only the 2 entries of the permit list',
      'Up to 2,000 at once',
      'Only after STARTTLS',
      'To 1 relay domain from everybody; to any domain from its own subnet and 1 entry of permitted senders; up to 25 MB and 1,000 recipients',
      '1 route, the rest to store.example.net port 26',
    ]);
  });
});
