// What delivery needs of a configuration, replaced whole. A change of `signature` means other routes or other manners:
// what waits is routed anew and connections are opened anew.
import type { MessageDeliveryConfig, OutgoingTls } from '#contract/config';
import type { CompiledRoutes } from '../policy/choose-route.ts';
import type { MailResolver, OurSelf } from './find-servers.ts';
import type { HopManner } from './open-hop.ts';
import type { PeerPolicies, PeerPolicyEvent, PeerPolicyMode } from './peer-policy/peer-policies.ts';

/** The parts of a configuration that deliveries obey. */
export type DeliverySettings = {
  signature: string;
  routes: CompiledRoutes;
  /** For routes that do not say it themselves. */
  outgoing: OutgoingTls;
  manner: HopManner;
  ourself: OurSelf;
  resolver: MailResolver;
  /** Null while MTA-STS and DANE are off. */
  peerPolicies: { mode: PeerPolicyMode; policies: PeerPolicies } | null;
  /** Who notices come from, and the name that they report. */
  postmaster: string;
  reportingName: string;
} & Pick<MessageDeliveryConfig, 'maxConnectionsPerDestination' | 'giveUpAfterHours' | 'delayNoticeAfterHours'>;

/** What happened to some recipients of one message at one server, for the event log. */
export type DeliveryEvent = {
  event: 'delivered' | 'deferred' | 'bounced';
  id: string;
  domain: string;
  recipients: number;
  reply: string;
  server: string | null;
  tls: string | null;
  nextAttemptAt?: string;
  /** The message that tells the sender. */
  notice?: string;
};

/** What delivery reports upward. */
export type DeliveryReports = { record(event: DeliveryEvent | PeerPolicyEvent): void };
