// Compiles a configuration and its lists into what the decisions read. Built once for each configuration served.
import type { ControlMode, GatewayConfig, MessageDeliveryConfig, OutgoingTls } from '#contract/config';
import { compileRoutes, type CompiledRoutes } from './choose-route.ts';
import { compileList, type CompiledList } from './compile-list.ts';
import type { Allowance } from './decide-allowance.ts';
import { permittedNetworks } from './permitted-networks.ts';

/** Connection control with the list of the active mode; the other list is not even compiled. */
export type ActiveControl = { mode: ControlMode; list: CompiledList };

/** From whom, and for which domains, mail is taken. */
export type RelayPolicy = {
  permitsGatewayItself: boolean;
  permittedSenders: CompiledList;
  /** The networks of the gateway's own interfaces; empty unless the message rule permits them. */
  permittedNetworks: CompiledList;
  /** Names as written in the configuration, lower case; `*.example.net` stands for every name below. */
  relayDomains: ReadonlySet<string>;
};

/** When STARTTLS must come first. */
export type TlsRule = { offersStartTls: boolean; requiresStartTls: boolean };

/** What DNS must say of a client and of a sender; both off by default. */
export type OriginRule = { rejectsUnknownSenderDomain: boolean; rejectsClientWithoutReverseDns: boolean };

/** Everything a decision about a client and its mail needs, and nothing else of the configuration. */
export type Policy = {
  control: ActiveControl;
  maxConnections: number | null;
  tls: TlsRule;
  relay: RelayPolicy;
  origin: OriginRule;
  allowance: Allowance;
  routes: CompiledRoutes & { count: number };
  /** For routes that do not say it themselves. */
  outgoing: OutgoingTls;
  peerPolicies: MessageDeliveryConfig['peerPolicies'];
};

/** Megabytes in the configuration are the binary ones, as SIZE has always been read. */
const bytesPerMegabyte = 1024 * 1024;

/**
 * Lists are given as text, '' where none is named; lines that are no entry are left in `refused` of the lists.
 * `interfaces` are the gateway's own addresses as `address/prefix`; without them no network is permitted.
 */
export function buildPolicy(
  config: GatewayConfig,
  files: { denyText: string; permitText: string },
  interfaces: readonly string[] = [],
): Policy {
  const { interface: smtpInterface, control, tls } = config.connections;
  const rule = config.messageRule;
  return {
    control: {
      mode: control.mode,
      list: compileList(control.mode === 'accept-except' ? files.denyText : files.permitText),
    },
    maxConnections: smtpInterface.maxConnections,
    tls: { offersStartTls: tls.offersStartTls, requiresStartTls: tls.requiresStartTls },
    relay: {
      permitsGatewayItself: rule.permitsGatewayItself,
      permittedSenders: compileList(rule.permittedSenders.join('\n')),
      permittedNetworks: compileList(permittedNetworks(rule.permitsNetwork, interfaces).join('\n')),
      relayDomains: new Set(rule.relayDomains.map((domain) => domain.toLowerCase())),
    },
    origin: {
      rejectsUnknownSenderDomain: rule.rejectsUnknownSenderDomain,
      rejectsClientWithoutReverseDns: rule.rejectsClientWithoutReverseDns,
    },
    allowance: {
      maxMessages: rule.maxMessagesPerConnection,
      maxBytes: rule.maxMegabytesPerConnection === null ? null : rule.maxMegabytesPerConnection * bytesPerMegabyte,
    },
    routes: { ...compileRoutes(config.messageDelivery), count: config.messageDelivery.routes.length },
    outgoing: tls.outgoing,
    peerPolicies: config.messageDelivery.peerPolicies,
  };
}
