// Everything one gateway needs, in one document: the four parts of SMTP Routing. Groups and inheritance are
// resolved before it is sent. One entry here feeds defaults, limits, labels and help of every process.
import { z } from 'zod';
import { fileReference } from './files.ts';

/** Raised whenever a default or a meaning changes; a gateway refuses a version that it does not know. */
export const schemaVersion = 1;

const hostName = z
  .string()
  .max(255) // RFC 1035 §2.3.4
  .regex(/^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/, 'Not a host name.');

/** A host name, or an IPv4 or IPv6 address without brackets. */
export const HostOrAddress = z.union([hostName, z.ipv4(), z.ipv6()], { error: 'Not a host name or an IP address.' });

/** Which addresses of the gateway are listened on. */
export const ListenOn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('loopback') }), // 127.0.0.1 and ::1 only
  z.strictObject({ kind: z.literal('all') }), // every IPv4 and IPv6 address
  z.strictObject({
    kind: z.literal('selected'),
    addresses: z.array(z.union([z.ipv4(), z.ipv6()])).min(1, 'Select at least one address.').max(64),
  }),
]);
export type ListenOn = z.infer<typeof ListenOn>;

/** SMTP Interface. */
export const SmtpInterface = z.strictObject({
  listenOn: ListenOn.default({ kind: 'all' }).meta({ label: 'IP address' }),
  port: z.int().min(1).max(65535).default(25).meta({ label: 'Port' }),
  /** RFC 5321 §4.5.3.2.7 asks a server to wait at least 5 minutes. */
  idleTimeoutMinutes: z.int().min(1).max(1440).default(5).meta({ label: 'Disconnect after' }),
  /** The whole listener, not per client; null = no limit. */
  maxConnections: z.int().min(1).max(65535).nullable().default(null).meta({ label: 'Simultaneous connections' }),
});
export type SmtpInterface = z.infer<typeof SmtpInterface>;

/** Only the active mode's list decides; the other one is kept. */
export const ControlMode = z.enum(['accept-except', 'deny-except']);
export type ControlMode = z.infer<typeof ControlMode>;

/** Connection Control. */
export const ConnectionControl = z.strictObject({
  mode: ControlMode.default('accept-except').meta({ label: 'Connection control' }),
  denyList: fileReference('denyList').nullable().default(null).meta({ label: 'Deny list' }),
  permitList: fileReference('permitList').nullable().default(null).meta({ label: 'Permit list' }),
});
export type ConnectionControl = z.infer<typeof ConnectionControl>;

/** Outgoing TLS: never in clear when required; in clear with a record when opportunistic. */
export const OutgoingTls = z.enum(['off', 'opportunistic', 'required']);
export type OutgoingTls = z.infer<typeof OutgoingTls>;

/** Transport Layer Security. */
export const TransportLayerSecurity = z.strictObject({
  offersStartTls: z.boolean().default(false).meta({ label: 'Enable incoming TLS' }),
  requiresStartTls: z.boolean().default(false).meta({ label: 'Only accept SMTP connection by TLS' }),
  caCertificate: fileReference('caCertificate').nullable().default(null).meta({ label: 'CA certificate' }),
  privateKey: fileReference('privateKey').nullable().default(null).meta({ label: 'Private key' }),
  certificate: fileReference('certificate').nullable().default(null).meta({ label: 'SMTP server certificate' }),
  outgoing: OutgoingTls.default('off').meta({ label: 'Enable outgoing TLS' }),
  outgoingCa: fileReference('outgoingCa').nullable().default(null).meta({ label: 'Own CA for outgoing TLS' }),
});
export type TransportLayerSecurity = z.infer<typeof TransportLayerSecurity>;

/** SMTP Routing > Connections. */
export const ConnectionsConfig = z.strictObject({
  interface: SmtpInterface.prefault({}),
  control: ConnectionControl.prefault({}),
  tls: TransportLayerSecurity.prefault({}),
});
export type ConnectionsConfig = z.infer<typeof ConnectionsConfig>;

/** SMTP Routing > SMTP. */
export const SmtpConfig = z.strictObject({
  /** Greeting and HELO name; null = the host's own name. */
  greetingName: hostName.nullable().default(null).meta({ label: 'Greeting name' }),
});
export type SmtpConfig = z.infer<typeof SmtpConfig>;

/** `example.net`, or `*.example.net` for every name below it (not itself). Lower case. */
export const RelayDomain = z
  .string()
  .toLowerCase()
  .max(255)
  .regex(/^(\*\.)?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/, 'Not a domain name.');

/** An address, `address/prefix` or `address:mask`; the agent parses it with the list parser. */
export const SenderBlock = z.string().min(2).max(80);

/** SMTP Routing > Message Rule: for whom, and from whom, mail is taken. The defaults make no open relay. */
export const MessageRuleConfig = z.strictObject({
  relayDomains: z.array(RelayDomain).max(10_000).default([]).meta({ label: 'Relay domains' }),
  permitsGatewayItself: z.boolean().default(true).meta({ label: 'The gateway itself' }),
  permittedSenders: z.array(SenderBlock).max(10_000).default([]).meta({ label: 'Permitted senders of relayed mail' }),
  maxMessageMegabytes: z.int().min(1).max(2047).default(25).meta({ label: 'Maximum message size' }),
  /** RFC 5321 §4.5.3.1.8: at least 100 must be taken. */
  maxRecipients: z.int().min(1).max(100_000).default(1000).meta({ label: 'Recipients per message' }),
});
export type MessageRuleConfig = z.infer<typeof MessageRuleConfig>;

/** One server that takes every accepted message. */
export const NextHop = z.strictObject({
  host: HostOrAddress,
  port: z.int().min(1).max(65535).default(25),
});
export type NextHop = z.infer<typeof NextHop>;

/** SMTP Routing > Message Delivery. Without a next hop every recipient is answered 451. */
export const MessageDeliveryConfig = z.strictObject({
  nextHop: NextHop.nullable().default(null).meta({ label: 'Next hop' }),
});
export type MessageDeliveryConfig = z.infer<typeof MessageDeliveryConfig>;

/** Unknown keys are refused: a mistyped security setting must not be ignored. */
export const GatewayConfig = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  smtp: SmtpConfig.prefault({}),
  connections: ConnectionsConfig.prefault({}),
  messageRule: MessageRuleConfig.prefault({}),
  messageDelivery: MessageDeliveryConfig.prefault({}),
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;

/** The configuration of a gateway nobody has touched. */
export const defaultConfig: GatewayConfig = GatewayConfig.parse({ schemaVersion });
