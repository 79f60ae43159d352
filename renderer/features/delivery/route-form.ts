// One route as its form holds it while it is typed, and what it comes to.
import { endsInNumber, refuseMistypedIpv4 } from '#contract/address-text';
import { DeliveryRoute, type OutgoingTls } from '#contract/config';

type ServerForm = { key: string; host: string; port: number; preference: number };

/** What stands in the fields. `mxName` empty: the recipient's own domain. */
export type RouteForm = {
  match: string;
  kind: 'mx' | 'static';
  mxName: string;
  mxPort: number;
  servers: ServerForm[];
  outgoing: OutgoingTls | 'inherit';
};

/** One more server, tried after the others. */
export function nextServer(servers: readonly ServerForm[]): ServerForm {
  const last = servers.at(-1);
  const preference =
    last === undefined ? 10 : Math.min(65_535, (Number.isNaN(last.preference) ? 0 : last.preference) + 10);
  return { key: crypto.randomUUID(), host: '', port: 25, preference };
}

/** The form of a route, or of a new one. */
export function toRouteForm(route: DeliveryRoute | null): RouteForm {
  const empty: RouteForm = {
    match: '',
    kind: 'static',
    mxName: '',
    mxPort: 25,
    servers: [nextServer([])],
    outgoing: 'inherit',
  };
  if (route === null) return empty;
  const { match, to } = route;
  const form = { ...empty, match, kind: to.kind, outgoing: route.outgoing ?? ('inherit' as const) };
  if (to.kind === 'mx') return { ...form, mxName: to.name ?? '', mxPort: to.port };
  return { ...form, servers: to.servers.map((server) => ({ key: crypto.randomUUID(), ...server })) };
}

/** Where it stands: `host-1` is the host of the second server. */
export type WrongField = 'match' | 'mxName' | 'mxPort' | `${'host' | 'port' | 'preference'}-${number}`;

/** The route, or what is wrong first. */
export type ReadRouteForm = { route: DeliveryRoute } | { field: WrongField; words: string };

/** `taken` are the matches of the other routes. */
export function readRouteForm(form: RouteForm, taken: ReadonlySet<string>): ReadRouteForm {
  const match = form.match.trim().toLowerCase();
  const route = DeliveryRoute.safeParse({
    match,
    to:
      form.kind === 'mx'
        ? { kind: 'mx', name: form.mxName.trim() === '' ? null : form.mxName.trim(), port: form.mxPort }
        : {
            kind: 'static',
            servers: form.servers.map(({ host, port, preference }) => ({ host: host.trim(), port, preference })),
          },
    outgoing: form.outgoing === 'inherit' ? null : form.outgoing,
  });
  if (match === '*') return wrongMatch('What no route claims is set above, under “Everything else”.');
  if (!route.success) return problemAt(route.error.issues[0]?.path ?? [], form);
  if (endsInNumber(match)) return wrongMatch('An address is not a domain.');
  const mistyped = wrongAddress(route.data);
  if (mistyped !== null) return mistyped;
  if (taken.has(match)) return wrongMatch(`There is a route for ${match} already. Edit that one.`);
  return { route: route.data };
}

/** What passes as a name and is none. */
function wrongAddress({ to }: DeliveryRoute): ReadRouteForm | null {
  if (to.kind === 'mx') {
    const isAddress = to.name !== null && endsInNumber(to.name);
    return isAddress ? { field: 'mxName', words: 'An address has no MX record: type a name.' } : null;
  }
  const reasons = to.servers.map(({ host }) => refuseMistypedIpv4(host));
  const at = reasons.findIndex((reason) => reason !== null);
  const reason = reasons[at] ?? null;
  return reason === null ? null : { field: `host-${at}`, words: serverWords(at, reason) };
}

function wrongMatch(words: string): ReadRouteForm {
  return { field: 'match', words };
}

function serverWords(index: number, words: string): string {
  return `Server ${index + 1}: ${words}`;
}

const wholePort = 'the port is a whole number from 1 to 65535.';

function problemAt(path: readonly PropertyKey[], form: RouteForm): ReadRouteForm {
  const [field, part, at, name] = path;
  const index = typeof at === 'number' ? at : 0;
  if (field === 'match') return wrongMatch(matchWords(form.match));
  if (part === 'name') {
    return { field: 'mxName', words: 'Type the name whose MX record is looked up, or leave it empty.' };
  }
  if (part === 'port') return { field: 'mxPort', words: 'The port is a whole number from 1 to 65535.' };
  if (name === 'port') return { field: `port-${index}`, words: serverWords(index, wholePort) };
  if (name === 'preference') {
    const words = serverWords(index, 'the preference is a whole number from 0 to 65535.');
    return { field: `preference-${index}`, words };
  }
  return { field: `host-${index}`, words: serverWords(index, hostWords(form.servers[index]?.host ?? '')) };
}

/** DNS has names of other scripts in ASCII only, and so have the envelopes of most mail. */
function matchWords(match: string): string {
  const domain = match.replace(/^.*@/, '');
  return /[^\x20-\x7e]/.test(domain)
    ? 'Write the domain in ASCII: xn--…'
    : 'Type a domain, *.domain, or one recipient’s address.';
}

function hostWords(host: string): string {
  return /^\[.*\]|^[^:]+:\d+$/.test(host.trim())
    ? 'type the host alone; the port has its own field, and IPv6 needs no brackets.'
    : 'type a host name or an IP address.';
}
