// What an administrator edits and the fleet folder stores: the configuration with list names and file hashes in
// place of release paths. It stands beside config.ts so that every field is defined once; it never crosses SSH.
import { z } from 'zod';
import { ConnectionControl, ConnectionsConfig, GatewayConfig, TransportLayerSecurity } from './config.ts';
import { Sha256 } from './files.ts';

/** Names become file names on three desktop systems: lower case, digits, dots, dashes. */
export const FleetName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'Use lower-case letters, digits, dots and dashes.')
  .refine((name) => !name.includes('..'), 'Two dots in a row are not allowed.')
  .refine((name) => !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/.test(name), 'Windows reserves this name for a device.');
export type FleetName = z.infer<typeof FleetName>;

/** Shared lists of one gateway; Postern's own limit: what a person still oversees. */
const sharedLists = z.array(FleetName).max(50).default([]);

/** Own entries lie in `denyList` and `permitList`, a file for each gateway; shared lists are added to them. */
const ControlSettings = ConnectionControl.extend({
  denyList: FleetName.nullable().default(null),
  permitList: FleetName.nullable().default(null),
  sharedDenyLists: sharedLists.meta({ label: 'Shared deny lists' }),
  sharedPermitLists: sharedLists.meta({ label: 'Shared permit lists' }),
});

const TlsSettings = TransportLayerSecurity.extend({
  caCertificate: Sha256.nullable().default(null),
  privateKey: Sha256.nullable().default(null),
  certificate: Sha256.nullable().default(null),
  outgoingCa: Sha256.nullable().default(null),
});

const ConnectionsSettings = ConnectionsConfig.extend({
  control: ControlSettings.prefault({}),
  tls: TlsSettings.prefault({}),
});

/** The four tabs of SMTP Routing as the desktop keeps them. */
export const GatewaySettings = GatewayConfig.omit({ schemaVersion: true }).extend({
  connections: ConnectionsSettings.prefault({}),
});
export type GatewaySettings = z.infer<typeof GatewaySettings>;

/** The settings of a gateway nobody has touched. */
export const defaultSettings: GatewaySettings = GatewaySettings.parse({});
