// What can be said of Message Delivery from the configuration: loops, rows that never count, times that contradict.
import { endsInNumber, refuseMistypedIpv4 } from './address-text.ts';
import { formatAddress, parseAddress } from './addresses.ts';
import type { DeliveryRoute, GatewayConfig, ListenOn, NextHop } from './config.ts';
import type { Finding } from './replies.ts';
import { formatServer } from './route-text.ts';

/** RFC 5321 §4.5.4.1: the give-up time generally needs to be at least 4 to 5 days. */
const shortestGiveUpHours = 96;

/** `ownAddresses` are those of the gateway's interfaces; [] where they are not known. */
export function judgeDelivery(config: GatewayConfig, ownAddresses: readonly string[]): Finding[] {
  return [
    ...judgeNextHop(config, ownAddresses),
    ...judgeRoutes(config, ownAddresses),
    ...judgePolicies(config),
    ...judgeTimes(config),
  ];
}

function judgeNextHop(config: GatewayConfig, ownAddresses: readonly string[]): Finding[] {
  const { nextHop } = config.messageDelivery;
  const field = 'messageDelivery.nextHop';
  if (nextHop === null) {
    const message = 'There is no next hop: what no route claims is delivered by the MX records of its domain.';
    return [{ severity: 'notice', code: 'delivers-by-mx', field, message }];
  }
  return judgeServer(nextHop, { config, ownAddresses, field, what: 'The next hop' });
}

/** A finding a row; a table of 10,000 bad rows still reads, as its first ones show. */
const rowsShown = 100;

function judgeRoutes(config: GatewayConfig, ownAddresses: readonly string[]): Finding[] {
  const seen = new Set<string>();
  const findings = config.messageDelivery.routes.flatMap((route): Finding[] => {
    const isTwice = seen.has(route.match);
    seen.add(route.match);
    return [...(isTwice ? [refusedTwice(route)] : []), ...judgeRoute(route, config, ownAddresses)];
  });
  if (findings.length <= rowsShown) return findings;
  // Errors first, so that cutting never hides why the release is refused.
  const sorted = findings.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  const message = `${findings.length - rowsShown} more findings about routes are not shown.`;
  return [
    ...sorted.slice(0, rowsShown),
    { severity: 'notice', code: 'routes-more', field: 'messageDelivery.routes', message },
  ];
}

function refusedTwice({ match }: DeliveryRoute): Finding {
  return {
    severity: 'error',
    code: 'route-twice',
    field: 'messageDelivery.routes',
    message: `There are two routes for ${match}: only one can count.`,
    hint: 'Remove one of them.',
  };
}

function judgeRoute({ match, to }: DeliveryRoute, config: GatewayConfig, ownAddresses: readonly string[]): Finding[] {
  const field = 'messageDelivery.routes';
  const surroundings = { config, ownAddresses, field, what: `Route ${match}:` };
  if (to.kind === 'mx') {
    if (to.name === null || !endsInNumber(to.name)) return [];
    const message = `Route ${match}: ${to.name} is an address, which has no MX record.`;
    return [{ severity: 'error', code: 'mx-of-address', field, message, hint: 'Use static routing for it.' }];
  }
  const findings = to.servers.flatMap((server) => judgeServer(server, surroundings));
  const seen = new Set<string>();
  for (const server of to.servers) {
    const text = formatServer({ host: normalised(server.host), port: server.port });
    if (seen.has(text)) {
      const message = `Route ${match} names the server ${formatServer(server)} twice.`;
      findings.push({ severity: 'warning', code: 'route-server-twice', field, message, hint: 'Remove one of them.' });
    }
    seen.add(text);
  }
  return findings;
}

type Surroundings = { config: GatewayConfig; ownAddresses: readonly string[]; field: string; what: string };

function judgeServer(server: NextHop, { config, ownAddresses, field, what }: Surroundings): Finding[] {
  const mistyped = refuseMistypedIpv4(server.host);
  if (mistyped !== null) {
    const message = `${what} ${server.host} is neither a host name nor an address: ${mistyped}`;
    return [{ severity: 'error', code: 'mistyped-address', field, message, hint: 'Correct the address.' }];
  }
  const { listenOn, port } = config.connections.interface;
  if (server.port !== port) return [];
  const where = `${what} ${server.host}, port ${server.port},`;
  if (isListenedOn(server.host, listenOn, ownAddresses)) {
    const message = `${where} is this gateway's own listener: mail would go round in circles.`;
    return [{ severity: 'error', code: 'relay-to-itself', field, message, hint: 'Name another server or port.' }];
  }
  if (server.host.toLowerCase() !== config.smtp.greetingName?.toLowerCase()) return [];
  const message = `${where} is the name that this gateway greets with: mail may go round in circles.`;
  return [{ severity: 'warning', code: 'relay-to-own-name', field, message, hint: 'Name the server behind it.' }];
}

/** As far as is known: without the gateway's addresses, All interfaces shows only loopback to be the gateway itself. */
function isListenedOn(host: string, listenOn: ListenOn, ownAddresses: readonly string[]): boolean {
  const hosts = host.toLowerCase() === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const addresses = hosts.map(normalised);
  switch (listenOn.kind) {
    case 'loopback':
      return addresses.some((address) => address === '127.0.0.1' || address === '::1');
    case 'all': {
      const own = new Set(ownAddresses.map(normalised));
      const isLoopback = (address: string): boolean => ['::1', '::', '0.0.0.0'].includes(address);
      return addresses.some((address) => isLoopback(address) || address.startsWith('127.') || own.has(address));
    }
    case 'selected': {
      const listened = listenOn.addresses.map(normalised);
      return addresses.some((address) => listened.includes(address));
    }
  }
}

/** A name stays a name; `127.` may start one only where it is a number. */
function normalised(host: string): string {
  const address = parseAddress(host);
  return 'reason' in address ? `name ${host.toLowerCase()}` : formatAddress(address);
}

function judgePolicies({ messageDelivery, connections }: GatewayConfig): Finding[] {
  const { peerPolicies, nextHop, routes } = messageDelivery;
  if (peerPolicies === 'off') return [];
  const about = { field: 'messageDelivery.peerPolicies' };
  const mxRoutes = routes.filter(({ to }) => to.kind === 'mx');
  if (nextHop !== null && mxRoutes.length === 0) {
    const message = 'MTA-STS and DANE speak of mail delivered by MX record, and here every message has fixed servers.';
    return [{ ...about, severity: 'notice', code: 'peer-policies-unused', message }];
  }
  const isOff = mxRoutes.some(({ outgoing }) => (outgoing ?? connections.tls.outgoing) === 'off');
  if (!isOff && (nextHop !== null || connections.tls.outgoing !== 'off')) return [];
  const message =
    'Outgoing TLS is off for mail by MX record, but servers with an MTA-STS or DANE policy still get it by TLS.';
  return [{ ...about, severity: 'notice', code: 'peer-policies-use-tls', message }];
}

function judgeTimes({ messageDelivery }: GatewayConfig): Finding[] {
  const { giveUpAfterHours, delayNoticeAfterHours } = messageDelivery;
  const findings: Finding[] = [];
  if (giveUpAfterHours < shortestGiveUpHours) {
    findings.push({
      severity: 'warning',
      code: 'give-up-soon',
      field: 'messageDelivery.giveUpAfterHours',
      message: `Mail is returned after ${giveUpAfterHours} h; RFC 5321 asks for at least 4 to 5 days, to outlast a weekend.`,
    });
  }
  if (delayNoticeAfterHours !== null && delayNoticeAfterHours >= giveUpAfterHours) {
    findings.push({
      severity: 'warning',
      code: 'delay-notice-never',
      field: 'messageDelivery.delayNoticeAfterHours',
      message: `The delay notice is due after ${delayNoticeAfterHours} h, when mail is returned already (${giveUpAfterHours} h).`,
      hint: 'Choose a shorter time, or no notice.',
    });
  }
  return findings;
}
