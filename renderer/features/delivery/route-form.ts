// One route as its form holds it while it is typed, and what it comes to.
import { DeliveryRoute, type OutgoingTls } from '#contract/config';
import { done, failed, type Outcome } from '#contract/outcome';

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

/** The route, or what is wrong first; `taken` are the matches of the other routes. */
export function readRouteForm(form: RouteForm, taken: ReadonlySet<string>): Outcome<DeliveryRoute> {
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
  if (match === '*') return failed('bad-request', 'What no route claims is set above, under “Everything else”.');
  if (!route.success) return failed('bad-request', problemWords(route.error.issues[0]?.path ?? []));
  if (taken.has(match)) return failed('exists', `There is a route for ${match} already. Edit that one.`);
  return done(route.data);
}

function problemWords(path: readonly PropertyKey[]): string {
  const [field, part, index, name] = path;
  if (field === 'match') return 'Type a domain, *.domain, or one recipient’s address.';
  if (part === 'name') return 'Type the name whose MX record is looked up, or leave it empty.';
  if (part === 'port') return 'The port is a whole number from 1 to 65535.';
  const which = typeof index === 'number' ? `Server ${index + 1}` : 'A server';
  if (name === 'host') return `${which}: type a host name or an IP address.`;
  if (name === 'port') return `${which}: the port is a whole number from 1 to 65535.`;
  if (name === 'preference') return `${which}: the preference is a whole number from 0 to 65535.`;
  return 'Name at least one server.';
}
