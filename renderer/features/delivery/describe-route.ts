// A route in words, and which route takes a recipient.
import type { DeliveryRoute, Destination, OutgoingTls } from '#contract/config';
import { formatServer } from '#contract/route-text';

/** Words of each choice; null follows the Connections tab. */
export const tlsNames: Record<OutgoingTls | 'inherit', string> = {
  inherit: 'As on Connections',
  off: 'Off',
  opportunistic: 'Opportunistic',
  required: 'Required',
};

/** 'MX of the recipient’s domain', 'MX of mx.example.net', '10.0.0.5:25, then 10.0.0.6:25'. */
export function describeDestination(to: Destination): string {
  if (to.kind === 'mx') {
    const port = to.port === 25 ? '' : `, port ${to.port}`;
    return `MX of ${to.name ?? 'the recipient’s own domain'}${port}`;
  }
  const sorted = [...to.servers].sort((a, b) => a.preference - b.preference);
  return sorted
    .map((server, index) => {
      const before = sorted[index - 1];
      const joint = before === undefined ? '' : before.preference === server.preference ? ' or ' : ', then ';
      return `${joint}${formatServer(server)}`;
    })
    .join('');
}

/** The routes whose match or destination holds the text; without any, the one that takes it as a recipient. */
export function filterRoutes(routes: readonly DeliveryRoute[], query: string): DeliveryRoute[] {
  const text = query.trim().toLowerCase();
  if (text === '') return [...routes];
  const found = routes.filter(
    ({ match, to }) => match.includes(text) || describeDestination(to).toLowerCase().includes(text),
  );
  if (found.length > 0) return found;
  const winner = text.includes('.') ? findRoute(routes, text) : null;
  return winner === null ? [] : [winner];
}

/** The most specific route wins: the address, its domain, then the nearest `*.` above it; null: none claims it. */
export function findRoute(routes: readonly DeliveryRoute[], recipient: string): DeliveryRoute | null {
  const address = recipient.trim().toLowerCase();
  const byMatch = new Map(routes.map((route) => [route.match, route]));
  const domain = address.replace(/^.*@/, '');
  const claims = [...(address.includes('@') ? [address] : []), domain];
  for (let rest = domain; rest.includes('.');) {
    rest = rest.slice(rest.indexOf('.') + 1);
    claims.push(`*.${rest}`);
  }
  const winner = claims.find((claim) => byMatch.has(claim));
  return winner === undefined ? null : (byMatch.get(winner) ?? null);
}
