// Where the mail for a recipient goes: the most precise row of the delivery table, else the next hop, else MX.
// Compiled once: with 10,000 rows a choice is a few look-ups in a Map, one for each label of the domain.
import { parseAddress } from '#contract/addresses';
import type { Destination, MessageDeliveryConfig, OutgoingTls } from '#contract/config';

/** `outgoing: null` follows the Connections screen. `because` names the row or the rule in words. */
export type ChosenRoute = { destination: Destination; outgoing: OutgoingTls | null; because: string };

/** A delivery table ready to be asked. */
export type CompiledRoutes = { choose(recipient: string): ChosenRoute };

/** RFC 5321 §5: MX records and address literals name no port, so this one is meant. */
const smtpPort = 25;

const withoutRoute = 'No route and no next hop';

/** An address beats its domain, a domain beats `*.domain` (the longest one), any row beats the next hop, that beats MX. */
export function compileRoutes(delivery: MessageDeliveryConfig): CompiledRoutes {
  const rows = new Map<string, ChosenRoute>();
  for (const { match, to, outgoing } of delivery.routes) {
    // Of two equal rows the first one counts; the check of a release refuses such tables.
    if (!rows.has(match)) rows.set(match, { destination: to, outgoing, because: `Route ${match}` });
  }
  const { nextHop } = delivery;
  const rest: ChosenRoute | null = nextHop && {
    destination: { kind: 'static', servers: [{ ...nextHop, preference: 10 }] },
    outgoing: null,
    because: 'Next hop',
  };
  return {
    choose: (recipient) => {
      const { address, domain } = readRecipient(recipient);
      return findRow(rows, address, domain) ?? rest ?? byDomain(domain);
    },
  };
}

/** The same for a single question. */
export function chooseRoute(delivery: MessageDeliveryConfig, recipient: string): ChosenRoute {
  return compileRoutes(delivery).choose(recipient);
}

/** RFC 5321 §4.5.1: `postmaster` may come without a domain; every other recipient stays as it is. */
export function qualifyRecipient(recipient: string, postmaster: string): string {
  return recipient.toLowerCase() === 'postmaster' ? postmaster : recipient;
}

function findRow(rows: ReadonlyMap<string, ChosenRoute>, address: string, domain: string): ChosenRoute | null {
  const exact = rows.get(address) ?? rows.get(domain);
  if (exact) return exact;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
    const wildcard = rows.get(`*${domain.slice(dot)}`);
    if (wildcard) return wildcard;
  }
  return null;
}

/** RFC 5321 §4.1.3: a literal is delivered to that address, without a look at MX records. */
function byDomain(domain: string): ChosenRoute {
  const literal = /^\[(?:ipv6:)?([0-9a-f.:]+)\]$/.exec(domain)?.[1];
  if (literal !== undefined && !('reason' in parseAddress(literal))) {
    const servers = [{ host: literal, port: smtpPort, preference: 10 }];
    return { destination: { kind: 'static', servers }, outgoing: null, because: withoutRoute };
  }
  const destination: Destination = { kind: 'mx', name: null, port: smtpPort };
  return { destination, outgoing: null, because: withoutRoute };
}

/** Lower case, because operators write rows so; `"user"@x` is the same mailbox as `user@x` (RFC 5321 §4.1.2). */
function readRecipient(recipient: string): { address: string; domain: string } {
  const lower = recipient.toLowerCase();
  const at = lower.lastIndexOf('@');
  const domain = at < 0 ? '' : lower.slice(at + 1);
  const localPart = lower.slice(0, Math.max(0, at)).replace(/^"([a-z0-9!#$%&'*+/=?^_`{|}~.-]+)"$/, '$1');
  return { address: `${localPart}@${domain}`, domain };
}
