// A whole recipient as a client wrote it: finds its domain and refuses the forms that once opened relays.
import type { Address } from '#contract/addresses';
import type { RelayPolicy } from './build-policy.ts';
import { decideRelay, decideSender, type RelayDecision } from './decide-relay.ts';

/** As RelayDecision; 'routed-address' and 'malformed-address' say why a recipient of a relay domain was not taken. */
export type RecipientDecision =
  RelayDecision | { accept: true; by: 'postmaster' } | { accept: false; rule: 'routed-address' | 'malformed-address' };

/** RFC 5321 §4.1.2: Dot-string (wherever its dots stand) and Quoted-string. */
const plainLocalPart = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/;
const quotedLocalPart = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/;
const addressLiteral = /^\[[A-Za-z0-9.:-]+\]$/;
const domainName = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;

/**
 * `recipient` is what stood between the angle brackets. A local part that names another host (`user%elsewhere@here`,
 * `elsewhere!user@here`, `"user@elsewhere"@here`) is only taken from those who may send anywhere: a next hop that
 * still follows such routes (RFC 5321 §3.6.1 deprecates them) would relay for anybody.
 */
export function decideRecipient(
  rule: RelayPolicy,
  facts: { peer: Address; isGatewayItself: boolean; recipient: string },
): RecipientDecision {
  // RFC 5321 §4.5.1: postmaster without a domain is always taken.
  if (facts.recipient.toLowerCase() === 'postmaster') return { accept: true, by: 'postmaster' };
  const parts = splitRecipient(facts.recipient);
  if (parts === null) return { accept: false, rule: 'malformed-address' };
  const decision = decideRelay(rule, { ...facts, recipientDomain: parts.domain });
  const isRouted = /[%!@]/.test(parts.localPart);
  if (!decision.accept || !isRouted || decideSender(rule, facts).accept) return decision;
  return { accept: false, rule: 'routed-address' };
}

/** Null for source routes (`@a,@b:user@c`) and everything else that is not one local part and one domain. */
function splitRecipient(recipient: string): { localPart: string; domain: string } | null {
  const at = recipient.lastIndexOf('@');
  const localPart = recipient.slice(0, Math.max(0, at));
  const domain = recipient.slice(at + 1);
  const hasLocalPart = plainLocalPart.test(localPart) || quotedLocalPart.test(localPart);
  const hasDomain = domainName.test(domain) || addressLiteral.test(domain);
  return hasLocalPart && hasDomain ? { localPart, domain } : null;
}
