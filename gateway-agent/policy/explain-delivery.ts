// The last rung of the ladder in words: where the mail goes once it is taken.
import type { Destination, OutgoingTls } from '#contract/config';
import type { Policy } from './build-policy.ts';
import type { MailFacts, Step } from './explain-mail.ts';

/** Servers that fit into one sentence. */
const namedServers = 5;

const tlsWords: Record<OutgoingTls, string> = {
  off: 'in clear',
  opportunistic: 'with TLS where the server offers it',
  required: 'with verified TLS only',
};

const modeWords = { monitor: 'which is only reported', enforce: 'which is enforced' } as const;

/** With a recipient the route that takes it; without, what becomes of mail that no route claims. */
export function explainDelivery(policy: Policy, { recipient, peerPolicy }: MailFacts): Step {
  const { routes, outgoing, peerPolicies } = policy;
  // No row can claim a recipient without a domain: what is chosen is the rest of the table.
  const route = routes.choose(recipient ?? '');
  const where = describeDestination(route.destination, recipient);
  const how = tlsWords[route.outgoing ?? outgoing];
  if (recipient !== undefined) {
    const published =
      peerPolicy === undefined || peerPolicies === 'off' ? '' : ` ${peerPolicy}, ${modeWords[peerPolicies]}.`;
    return { outcome: 'pass', words: `${route.because}: ${where}, ${how}.${published}` };
  }
  const rows = routes.count === 1 ? '1 route; the rest goes' : `${routes.count} routes; the rest goes`;
  return { outcome: 'pass', words: `${routes.count === 0 ? 'Mail goes' : rows} ${where}, ${how}.` };
}

function describeDestination(destination: Destination, recipient: string | undefined): string {
  if (destination.kind === 'mx') {
    const own = recipient === undefined ? "the recipient's domain" : recipient.slice(recipient.lastIndexOf('@') + 1);
    return `by the MX record of ${destination.name ?? own}, port ${destination.port}`;
  }
  const servers = destination.servers
    .toSorted((a, b) => a.preference - b.preference)
    .map(({ host, port }) => `${host}, port ${port}`);
  const more = servers.length > namedServers ? `, and ${servers.length - namedServers} more` : '';
  return `to ${servers.slice(0, namedServers).join(', then ')}${more}`;
}
