// The delivery table as text, one row a line, for files and reviews:
//   example.net    static  10.0.0.5:25 preference 10, [2001:db8::5]:25 preference 20  tls required
//   *.example.org  mx            user@example.net  mx mx.other.example:25            *  static mail.example.net:25
import type { z } from 'zod';
import { endsInNumber, quote, refuseMistypedIpv4, tryIpv4 } from './address-text.ts';
import { DeliveryRoute, maxRoutes, NextHop, type Destination, type OutgoingTls } from './config.ts';
import { done, failed, type Outcome } from './outcome.ts';

/** A file read. `nextHop` is what the row `*` says (null = by MX), undefined where there is none. Lines start at 1. */
export type ReadRoutes = {
  routes: DeliveryRoute[];
  nextHop: NextHop | null | undefined;
  notices: { line: number; text: string }[];
  refused: { line: number; text: string; reason: string }[];
};

/** Everything but the match: what a row says of the way. */
type Way = { to: Destination; outgoing: OutgoingTls | null };

/** The row that stands for every recipient that no other row claims. */
const defaultMatch = '*';

/** One row as text; parseRoutes reads it back to the same route. */
export function formatRoute({ match, to, outgoing }: DeliveryRoute): string {
  const tls = outgoing === null ? '' : `  tls ${outgoing}`;
  // Without quotes an address that begins with '#' would come back as a comment.
  const written = match.startsWith('#') ? `"${match}"` : match;
  return `${written}  ${formatDestination(to)}${tls}`;
}

/** A whole table; with a next hop, or with null for MX, the row `*` stands last. */
export function formatRoutes(routes: readonly DeliveryRoute[], nextHop?: NextHop | null): string {
  const rows = routes.map(formatRoute);
  if (nextHop === null) rows.push(`${defaultMatch}  mx`);
  else if (nextHop !== undefined) rows.push(`${defaultMatch}  static  ${formatServer(nextHop)}`);
  return rows.map((row) => `${row}\n`).join('');
}

/** Reads a table. Nothing is dropped silently: every line not taken is in `refused`. `#` begins a comment. */
export function parseRoutes(text: string): ReadRoutes {
  const read: ReadRoutes = { routes: [], nextHop: undefined, notices: [], refused: [] };
  const lineOf = new Map<string, number>();
  const withoutMark = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  withoutMark.split(/\r\n|\r|\n/).forEach((rawLine, index) => {
    const line = index + 1;
    // A local part may hold '#', so a comment begins only at the start or behind a blank.
    const content = rawLine.replace(/(^|\s)#.*$/, '').trim();
    if (content === '') return;
    const problem = readRow(content, { read, lineOf, line });
    if (problem !== null) read.refused.push({ line, text: rawLine.trim(), reason: problem });
  });
  return read;
}

/** `host:port`; an IPv6 address stands in brackets. */
export function formatServer({ host, port }: NextHop): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; without a port it is 25. */
export function parseServer(raw: string): Outcome<NextHop> {
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(raw);
  if (parts === null) {
    const isBareIpv6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(raw);
    const reason = isBareIpv6
      ? `Write ${quote(raw)} in brackets: [2001:db8::5]:25.`
      : `${quote(raw)} is not host:port.`;
    return failed('bad-request', reason);
  }
  const [, ipv6, host, port] = parts;
  if (ipv6 !== undefined && !ipv6.includes(':'))
    return failed('bad-request', `${quote(raw)} has brackets around no IPv6.`);
  if (port !== undefined && !isPort(port)) return failed('bad-request', `${quote(raw)} has a port beyond 1 to 65535.`);
  const server = NextHop.safeParse({ host: ipv6 ?? host, ...(port === undefined ? {} : { port: Number(port) }) });
  if (!server.success) return failed('bad-request', `${quote(raw)}: ${reasonOf(server.error)}`);
  const mistyped = refuseMistypedIpv4(server.data.host);
  return mistyped === null ? done(server.data) : failed('bad-request', mistyped);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && NextHop.shape.port.safeParse(Number(text)).success;
}

/** What a row says, checked by the schema of the configuration; used by every import. */
export function checkRoute(raw: { match: string } & Way): Outcome<DeliveryRoute> {
  const route = DeliveryRoute.safeParse(raw);
  if (!route.success) return failed('bad-request', `${quote(raw.match)}: ${reasonOf(route.error)}`);
  if (endsInNumber(route.data.match)) return failed('bad-request', `${quote(raw.match)}: an address is not a domain.`);
  return done(route.data);
}

/** The first thing that the schema says is wrong. */
function reasonOf(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'Not valid.';
}

function formatDestination(to: Destination): string {
  if (to.kind === 'static') {
    return `static  ${to.servers.map((server) => `${formatServer(server)} preference ${server.preference}`).join(', ')}`;
  }
  if (to.name !== null) return `mx ${to.name}:${to.port}`;
  return to.port === 25 ? 'mx' : `mx :${to.port}`;
}

type Place = { read: ReadRoutes; lineOf: Map<string, number>; line: number };

/** Adds the row, or says why not. */
function readRow(content: string, { read, lineOf, line }: Place): string | null {
  const [rawMatch = '', method = '', ...rest] = content.split(/\s+/);
  const match = rawMatch.replace(/^"(.*)"$/, '$1');
  const way = readWay(method.toLowerCase(), rest);
  if (!way.ok) return way.problem.message;
  const key = match.toLowerCase();
  const earlier = lineOf.get(key);
  if (earlier !== undefined) return `${quote(match)} stands in line ${earlier} already.`;
  if (match === defaultMatch) {
    const nextHop = readNextHop(way.value);
    if (!nextHop.ok) return nextHop.problem.message;
    read.nextHop = nextHop.value;
  } else {
    const route = checkRoute({ match, ...way.value });
    if (!route.ok) return route.problem.message;
    if (read.routes.length >= maxRoutes) return `A table holds at most ${maxRoutes} rows.`;
    read.routes.push(route.value);
  }
  lineOf.set(key, line);
  return null;
}

/** The rest of the table is one server, or MX. */
function readNextHop({ to, outgoing }: Way): Outcome<NextHop | null> {
  if (outgoing !== null) return failed('bad-request', "The row '*' follows the TLS setting of Connections.");
  if (to.kind === 'mx') {
    const isPlain = to.name === null && to.port === 25;
    return isPlain ? done(null) : failed('bad-request', "The row '*' takes 'mx' without a name or a port.");
  }
  const [server, ...more] = to.servers;
  if (server === undefined || more.length > 0) return failed('bad-request', "The row '*' takes one server.");
  return done({ host: server.host, port: server.port });
}

function readWay(method: string, words: string[]): Outcome<Way> {
  const tlsAt = words.findIndex((word) => word.toLowerCase() === 'tls');
  const outgoing = tlsAt < 0 ? done(null) : readTls(words.slice(tlsAt + 1));
  if (!outgoing.ok) return outgoing;
  const target = tlsAt < 0 ? words : words.slice(0, tlsAt);
  if (method !== 'mx' && method !== 'static') {
    return failed(
      'bad-request',
      `Write 'mx' or 'static' behind the recipient${method === '' ? '' : `, not ${quote(method)}`}.`,
    );
  }
  const to = method === 'mx' ? readMx(target) : readServers(target);
  return to.ok ? done({ to: to.value, outgoing: outgoing.value }) : to;
}

function readTls(words: string[]): Outcome<OutgoingTls> {
  const word = words[0]?.toLowerCase();
  if (words.length === 1 && (word === 'off' || word === 'opportunistic' || word === 'required')) return done(word);
  return failed('bad-request', "Behind 'tls' stands off, opportunistic or required, and nothing else.");
}

function readMx(words: string[]): Outcome<Destination> {
  const [word, ...more] = words;
  if (word === undefined) return done({ kind: 'mx', name: null, port: 25 });
  if (more.length > 0) return failed('bad-request', `There is text after ${quote(word)}.`);
  if (word.startsWith(':')) {
    const port = word.slice(1);
    if (!isPort(port)) return failed('bad-request', `${quote(word)} is not a port from 1 to 65535.`);
    return done({ kind: 'mx', name: null, port: Number(port) });
  }
  const server = parseServer(word);
  if (!server.ok) return server;
  const { host, port } = server.value;
  if (tryIpv4(host) >= 0) return failed('bad-request', `${quote(word)} is an address, which has no MX record.`);
  return done({ kind: 'mx', name: host, port });
}

function readServers(words: string[]): Outcome<Destination> {
  const servers: Extract<Destination, { kind: 'static' }>['servers'] = [];
  for (const part of words.join(' ').split(',')) {
    const [address, ...rest] = part.trim().split(' ');
    if (address === undefined || address === '') return failed('bad-request', 'A server is missing: host:port.');
    const server = parseServer(address);
    if (!server.ok) return server;
    const preference = readPreference(rest);
    if (preference === null) return failed('bad-request', `Behind ${quote(address)} stands 'preference' and a number.`);
    servers.push({ ...server.value, preference });
  }
  return done({ kind: 'static', servers });
}

/** 10 where nothing is said, as in the configuration. */
function readPreference(words: string[]): number | null {
  if (words.length === 0) return 10;
  const isNumber = words.length === 2 && words[0]?.toLowerCase() === 'preference' && /^\d{1,5}$/.test(words[1] ?? '');
  return isNumber ? Number(words[1]) : null;
}
