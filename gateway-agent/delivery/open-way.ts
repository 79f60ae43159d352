// The way to a destination: its servers in their order, what policies demand of each, and a connection to the first that
// takes one. A server that a policy rules out is passed over like one that is down.
import type { DeliverySettings } from './delivery-settings.ts';
import { findServers, type MailServer } from './find-servers.ts';
import { openHop, type OpenedHop } from './open-hop.ts';
import type { PolicyAnswer } from './peer-policy/peer-policies.ts';
import { deferral } from './verdict.ts';

/** RFC 5321 §2.3.5: what stands behind the last @, compared without case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** A connection to the first server of the recipient's destination that takes one. Never rejects. */
export async function openWay(address: string, settings: DeliverySettings): Promise<OpenedHop> {
  const { destination, outgoing } = settings.routes.choose(address);
  const { ourself, manner } = settings;
  const recipientDomain = address.includes('@') ? domainOf(address) : '';
  // Policies speak of MX records; a static server is the operator's own word.
  const guard = destination.kind === 'mx' ? settings.peerPolicies : null;
  const resolver = guard?.policies.resolver ?? settings.resolver;
  const found = await findServers({ destination, domain: recipientDomain, resolver, ourself });
  if (!found.ok) return found;
  const domain = (destination.kind === 'mx' ? destination.name : null) ?? recipientDomain;
  const demandOf = async (server: MailServer): Promise<PolicyAnswer> =>
    guard ? guard.policies.demandFor({ domain, server, mode: guard.mode }) : { ok: true, demand: null };
  let last: OpenedHop = { ok: false, verdict: deferral('4.4.1', 'The destination has no server') };
  for (const server of found.servers) {
    const answer = await demandOf(server);
    last = answer.ok
      ? await openHop(server, { outgoing: outgoing ?? settings.outgoing, demand: answer.demand }, manner)
      : answer;
    if (last.ok) return last;
  }
  return last;
}
