// A local gateway as an entry of the fleet, with settings that work at once: loopback only, a port that was free, and
// a next hop that takes everything.
import { GatewayRecord } from '#contract/fleet';
import type { GatewaySettings } from '#contract/settings';
import { resolveSettings, type SettingsLayer } from '#contract/settings-layer';
import type { LocalGateway } from './local-gateway.ts';

/** Reserved for examples, RFC 2606: no real domain's mail can be meant. */
export const localRelayDomain = 'example.test';

/** What must be its own, whatever the fleet sets for others: with these fields its first push works. */
function localLayer(local: LocalGateway) {
  return {
    connections: { interface: { listenOn: { kind: 'loopback' }, port: local.smtpPort } },
    messageRule: { relayDomains: [localRelayDomain] },
    messageDelivery: { nextHop: { host: '127.0.0.1', port: local.sink.port } },
  } satisfies SettingsLayer;
}

/** The settings of its first push. */
export function localSettings(local: LocalGateway): GatewaySettings {
  return resolveSettings([{ origin: { kind: 'default' }, layer: localLayer(local) }]).settings;
}

/** `gateways/<name>.yaml` for it. */
export function localRecord(local: LocalGateway): GatewayRecord {
  return GatewayRecord.parse({ ssh: local.ssh, hostKeys: [local.hostKey], isLocal: true, settings: localLayer(local) });
}

/** The settings of an earlier start with the ports of this one. */
export function withLocalPorts(settings: SettingsLayer, local: LocalGateway): SettingsLayer {
  const fresh = localLayer(local);
  const { port } = fresh.connections.interface;
  return {
    ...settings,
    connections: { ...settings.connections, interface: { ...settings.connections?.interface, port } },
    messageDelivery: fresh.messageDelivery,
  };
}
