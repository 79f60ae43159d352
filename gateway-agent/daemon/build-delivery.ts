// The delivery side of a release: routes, how connections are made, what is told to senders.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { GatewayConfig } from '#contract/config';
import type { DeliverySettings } from '../delivery/delivery-settings.ts';
import type { MailResolver } from '../delivery/find-servers.ts';
import { Trust } from '../delivery/open-hop.ts';
import type { PeerPolicies } from '../delivery/peer-policy/peer-policies.ts';
import type { Policy } from '../policy/build-policy.ts';

/** What a release does not say. */
export type DeliverySurroundings = {
  minuteMilliseconds: number;
  resolver: MailResolver;
  peerPolicies: PeerPolicies;
  notice: (words: string) => void;
  isOurselves: (address: string, port: number) => boolean;
};

type Parts = { config: GatewayConfig; policy: Policy; outgoingCa: string | null };

/** The name that the gateway greets with. */
export function greetingNameOf({ smtp }: GatewayConfig): string {
  return smtp.greetingName ?? hostname();
}

/** Who receives mail for the gateway itself and answers for its notices. */
export function postmasterOf(config: GatewayConfig): string {
  return config.smtp.postmaster ?? `postmaster@${greetingNameOf(config)}`;
}

/** Everything that deliveries obey. */
export function buildDelivery({ config, policy, outgoingCa }: Parts, around: DeliverySurroundings): DeliverySettings {
  const greetingName = greetingNameOf(config);
  const heloName = config.smtp.heloName ?? greetingName;
  const { maxConnectionsPerDestination, giveUpAfterHours, delayNoticeAfterHours, peerPolicies } =
    config.messageDelivery;
  const { outgoing } = config.connections.tls;
  const facts = JSON.stringify([config.messageDelivery, config.smtp, outgoing, outgoingCa]);
  return {
    signature: createHash('sha256').update(facts).digest('hex'),
    routes: policy.routes,
    outgoing,
    manner: {
      heloName,
      minuteMilliseconds: around.minuteMilliseconds,
      trust: new Trust(outgoingCa),
      onClear: (host, reason) => around.notice(`Sent in clear to ${host}: ${reason}`),
    },
    ourself: {
      names: new Set([greetingName, heloName, hostname()].map((name) => name.toLowerCase())),
      isOurselves: around.isOurselves,
    },
    resolver: around.resolver,
    peerPolicies: peerPolicies === 'off' ? null : { mode: peerPolicies, policies: around.peerPolicies },
    postmaster: postmasterOf(config),
    reportingName: greetingName,
    maxConnectionsPerDestination,
    giveUpAfterHours,
    delayNoticeAfterHours,
  };
}
