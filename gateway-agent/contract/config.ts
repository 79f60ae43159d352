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

/** `local@domain` in ASCII without quotes. */
export const MailAddress = z
  .string()
  .max(254) // RFC 5321 §4.5.3.1.3 less the angle brackets
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/,
    'Not a mail address.',
  );

/** Which addresses of the gateway are listened on. */
export const ListenOn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('loopback') }), // 127.0.0.1 and ::1 only
  z.strictObject({ kind: z.literal('all') }), // every IPv4 and IPv6 address
  z.strictObject({
    kind: z.literal('selected'),
    addresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .min(1, 'Select at least one address.')
      .max(64),
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
  /** Stands behind the name in the 220 line; RFC 5321 §4.2 allows printable ASCII. */
  bannerText: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'Use printable ASCII, at most 200 characters.')
    .nullable()
    .default(null)
    .meta({ label: 'Banner text' }),
  /** EHLO name towards other servers; null = the greeting name. */
  heloName: hostName.nullable().default(null).meta({ label: 'HELO name when sending' }),
  /** Whom bounces and notices name as the sender; null = postmaster at the greeting name. */
  postmaster: MailAddress.nullable().default(null).meta({ label: 'Postmaster address' }),
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
  /** The networks of the gateway's own interfaces: by their masks, or by the classic A, B and C. */
  permitsNetwork: z.enum(['none', 'subnet', 'class']).default('none').meta({ label: 'Permitted network' }),
  permittedSenders: z.array(SenderBlock).max(10_000).default([]).meta({ label: 'Permitted senders of relayed mail' }),
  maxMessageMegabytes: z.int().min(1).max(2047).default(25).meta({ label: 'Maximum message size' }),
  /** RFC 5321 §4.5.3.1.8: at least 100 must be taken. */
  maxRecipients: z.int().min(1).max(100_000).default(1000).meta({ label: 'Recipients per message' }),
  maxMessagesPerConnection: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .meta({ label: 'Messages per connection' }),
  maxMegabytesPerConnection: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .meta({ label: 'Data per connection' }),
  rejectsUnknownSenderDomain: z.boolean().default(false).meta({ label: 'Reject unknown sender domains' }),
  rejectsClientWithoutReverseDns: z.boolean().default(false).meta({ label: 'Reject clients without reverse DNS' }),
});
export type MessageRuleConfig = z.infer<typeof MessageRuleConfig>;

const port = z.int().min(1).max(65535).default(25);

/** One server that takes every message that no route claims. */
export const NextHop = z.strictObject({ host: HostOrAddress, port });
export type NextHop = z.infer<typeof NextHop>;

/** A recipient domain, `*.domain` for every name below it, or one recipient's address. Lower case. */
export const RouteMatch = z.union([RelayDomain, MailAddress.toLowerCase()], {
  error: 'Not a domain or a mail address.',
});

/** Where the mail of a route goes. */
export const Destination = z.discriminatedUnion('kind', [
  /** `name: null` looks up the recipient's own domain. */
  z.strictObject({ kind: z.literal('mx'), name: hostName.nullable().default(null), port }),
  z.strictObject({
    kind: z.literal('static'),
    /** Lower preference first; equal ones are shared at random; the next one on failure. */
    servers: z
      .array(z.strictObject({ host: HostOrAddress, port, preference: z.int().min(0).max(65535).default(10) }))
      .min(1)
      .max(50),
  }),
]);
export type Destination = z.infer<typeof Destination>;

/** One row of the delivery table. `outgoing: null` follows the Connections screen. */
export const DeliveryRoute = z.strictObject({
  match: RouteMatch,
  to: Destination,
  outgoing: OutgoingTls.nullable().default(null),
});
export type DeliveryRoute = z.infer<typeof DeliveryRoute>;

/** Rows of the delivery table; Postern's own limit: an import of 10,000 still opens and saves without a wait. */
export const maxRoutes = 10_000;

/** SMTP Routing > Message Delivery. What no route claims goes to the next hop; without one, by MX record. */
export const MessageDeliveryConfig = z.strictObject({
  nextHop: NextHop.nullable().default(null).meta({ label: 'Next hop' }),
  routes: z.array(DeliveryRoute).max(maxRoutes).default([]).meta({ label: 'Routes' }),
  /** MTA-STS (RFC 8461) and DANE (RFC 7672) for mail routed by MX: monitor only reports. */
  peerPolicies: z.enum(['off', 'monitor', 'enforce']).default('off').meta({ label: 'MTA-STS and DANE' }),
  maxConnectionsPerDestination: z.int().min(1).max(100).default(20).meta({ label: 'Connections per destination' }),
  /** RFC 5321 §4.5.4.1 asks for at least 4 to 5 days. */
  giveUpAfterHours: z.int().min(1).max(720).default(120).meta({ label: 'Give up after' }),
  delayNoticeAfterHours: z.int().min(1).max(720).nullable().default(4).meta({ label: 'Delay notice after' }),
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
