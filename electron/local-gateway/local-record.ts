// A local gateway as an entry of the fleet, with settings that work at once: loopback only, a port that was free, and
// a next hop that takes everything.
import { GatewayRecord } from '#contract/fleet';
import { GatewaySettings } from '#contract/settings';
import type { LocalGateway } from './local-gateway.ts';

/** Reserved for examples, RFC 2606: no real domain's mail can be meant. */
export const localRelayDomain = 'example.test';

/** The settings of its first push. */
export function localSettings(local: LocalGateway): GatewaySettings {
  return GatewaySettings.parse({
    connections: { interface: { listenOn: { kind: 'loopback' }, port: local.smtpPort } },
    messageRule: { relayDomains: [localRelayDomain] },
    messageDelivery: { nextHop: { host: '127.0.0.1', port: local.sink.port } },
  });
}

/** `gateways/<name>.yaml` for it. */
export function localRecord(local: LocalGateway, settings: GatewaySettings = localSettings(local)): GatewayRecord {
  return GatewayRecord.parse({ ssh: local.ssh, hostKeys: [local.hostKey], isLocal: true, settings });
}
