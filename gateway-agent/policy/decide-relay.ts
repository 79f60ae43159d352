// The fourth rung of the ladder: is mail from this peer taken for this domain? What this refuses is what keeps the
// gateway from being an open relay, so whatever is not clearly allowed is refused.
import type { Address } from '#contract/addresses';
import type { RelayPolicy } from './build-policy.ts';

/** `by` says which of the permissions held; `entry` is the list entry, network or domain that gave it. */
export type RelayDecision =
  | { accept: true; by: 'gateway-itself' | 'permitted-sender' | 'permitted-network' | 'relay-domain'; entry?: string }
  | { accept: false; rule: 'relay-denied' };

/** Letters, digits, dashes and single dots inside. Other alphabets are refused, not folded: U+212A lower-cases to 'k'. */
const plainDomain = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;

/** RFC 1035 §2.3.4. */
const longestDomain = 255;

/** Senders first: a permitted one may send anywhere. */
export function decideRelay(
  rule: RelayPolicy,
  facts: { peer: Address; isGatewayItself: boolean; recipientDomain: string },
): RelayDecision {
  const sender = decideSender(rule, facts);
  if (sender.accept) return sender;
  const domain = findRelayDomain(rule.relayDomains, facts.recipientDomain);
  return domain === null
    ? { accept: false, rule: 'relay-denied' }
    : { accept: true, by: 'relay-domain', entry: domain };
}

/** May this peer send to any recipient at all? */
export function decideSender(rule: RelayPolicy, facts: { peer: Address; isGatewayItself: boolean }): RelayDecision {
  if (facts.isGatewayItself && rule.permitsGatewayItself) return { accept: true, by: 'gateway-itself' };
  const listed = rule.permittedSenders.find(facts.peer);
  if (listed !== null) return { accept: true, by: 'permitted-sender', entry: listed.entry };
  const network = rule.permittedNetworks.find(facts.peer);
  return network === null
    ? { accept: false, rule: 'relay-denied' }
    : { accept: true, by: 'permitted-network', entry: network.entry };
}

/** The configured name that covers the domain: itself, or `*.` before any name above it. */
function findRelayDomain(relayDomains: ReadonlySet<string>, rawDomain: string): string | null {
  if (rawDomain.length > longestDomain || !plainDomain.test(rawDomain)) return null;
  const domain = rawDomain.toLowerCase();
  if (relayDomains.has(domain)) return domain;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
    const wildcard = `*${domain.slice(dot)}`;
    if (relayDomains.has(wildcard)) return wildcard;
  }
  return null;
}
