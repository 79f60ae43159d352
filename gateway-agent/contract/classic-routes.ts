// Reads the delivery table that the classic Windows edition exports (domain-based delivery, root <IMSS_DBD>): a <key>
// for each domain with <value> lines in it. Its help page names the values, MetaInfo and DefaultRelay; how the section
// of the domains is called is not public, so every key with a domain counts. tests/unit holds a sample of our own.
import { maxRoutes, type DeliveryRoute, type Destination, type NextHop } from './config.ts';
import { done, failed, type Outcome } from './outcome.ts';
import { checkRoute, parseServer, type ReadRoutes } from './route-text.ts';
import { parseXml, type XmlElement } from './xml-text.ts';

/** Several smart hosts become one after the other: the classic file keeps an order and no preference. */
const preferenceStep = 10;

/** Rows that cannot be taken are in `refused` by line; a file of another kind is a failure. Passwords are never read. */
export function readClassicRoutes(text: string): Outcome<ReadRoutes> {
  const root = parseXml(text);
  if (!root.ok) return root;
  if (root.value.name !== 'IMSS_DBD') {
    return failed('bad-request', `This is <${root.value.name}>, not a delivery table of the classic product.`);
  }
  const read: ReadRoutes = { routes: [], nextHop: undefined, notices: [], refused: [] };
  const lineOf = new Map<string, number>();
  for (const key of findKeys(root.value)) readKey(key, read, lineOf);
  return done(read);
}

/** The innermost elements that hold values, also where keys are grouped; what is no key is refused by name later. */
function findKeys(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) => {
    const isGroup = child.children.some(({ name }) => name !== 'value');
    return isGroup ? findKeys(child) : [child];
  });
}

/** `domain` stands as a property of the key; whether as attribute or as value, both are taken. */
function readKey(key: XmlElement, read: ReadRoutes, lineOf: Map<string, number>): void {
  const values = valuesOf(key);
  const section = key.attributes.get('section')?.toLowerCase() ?? '';
  if (section === 'metainfo') return;
  const isDefault = section === 'defaultrelay';
  const domain = (attributeOf(key, 'domain') ?? values.get('domain') ?? '').trim();
  const label = isDefault ? 'DefaultRelay' : domain;
  const refuse = (reason: string): void => void read.refused.push({ line: key.line, text: label, reason });
  if (key.name !== 'key') return refuse(`<${key.name}> is not known here.`);
  if (label === '') return refuse('A key without a domain.');
  const to = readDestination(values);
  if (!to.ok) return refuse(to.problem.message);
  if (hasServersOfDns(values)) {
    read.notices.push({ line: key.line, text: `${label}: its own DNS servers are left out; the gateway's are asked.` });
  }
  if (isDefault) return readDefault(to.value, read, refuse);
  const route = checkRoute({ match: domain, to: to.value, outgoing: null });
  if (!route.ok) return refuse(route.problem.message);
  addRoute(route.value, { read, lineOf, line: key.line, refuse });
}

type Place = {
  read: ReadRoutes;
  lineOf: Map<string, number>;
  line: number;
  refuse: (reason: string) => void;
};

function addRoute(route: DeliveryRoute, { read, lineOf, line, refuse }: Place): void {
  const earlier = lineOf.get(route.match);
  if (earlier !== undefined) return refuse(`It stands in line ${earlier} already.`);
  if (read.routes.length >= maxRoutes) return refuse(`A table holds at most ${maxRoutes} rows.`);
  lineOf.set(route.match, line);
  read.routes.push(route);
}

function readDefault(to: Destination, read: ReadRoutes, refuse: (reason: string) => void): void {
  if (read.nextHop !== undefined) return refuse('There is a second default.');
  if (to.kind === 'mx') {
    read.nextHop = null;
    return;
  }
  const [server, ...more] = to.servers;
  if (server === undefined || more.length > 0) return refuse('The rest of the table takes one server only.');
  read.nextHop = { host: server.host, port: server.port };
}

/** UseMethod 0 (also where it is missing): DNS. 1: smart hosts. */
function readDestination(values: ReadonlyMap<string, string>): Outcome<Destination> {
  const method = (values.get('usemethod') ?? '0').trim();
  if (method === '0') return done({ kind: 'mx', name: null, port: 25 });
  if (method !== '1') return failed('bad-request', 'UseMethod is neither 0 (DNS) nor 1 (smart host).');
  const count = (values.get('smarthostcount') ?? '').trim();
  if (!/^[1-9]\d?$/.test(count)) return failed('bad-request', 'SmartHostCount is not a number from 1 to 50.');
  const servers: Extract<Destination, { kind: 'static' }>['servers'] = [];
  for (let index = 0; index < Number(count); index++) {
    const server = readSmartHost(values.get(`smarthost${index}`), index);
    if (!server.ok) return server;
    servers.push({ ...server.value, preference: (index + 1) * preferenceStep });
  }
  return done({ kind: 'static', servers });
}

/** `host:port:auth:username:password`. What stands behind the port is a secret and is never repeated. */
function readSmartHost(raw: string | undefined, index: number): Outcome<NextHop> {
  if (raw === undefined || raw.trim() === '') return failed('bad-request', `SmartHost${index} is missing.`);
  const [host = '', port = '', auth = ''] = raw.trim().split(':');
  if (!['', '0'].includes(auth.trim())) {
    return failed('bad-request', `SmartHost${index} asks for a sign-in, which this gateway does not do when sending.`);
  }
  return parseServer(port.trim() === '' ? host.trim() : `${host.trim()}:${port.trim()}`);
}

function hasServersOfDns(values: ReadonlyMap<string, string>): boolean {
  const isDns = (values.get('usemethod') ?? '0').trim() === '0';
  return isDns && !['', '0'].includes((values.get('dnsservercount') ?? '0').trim());
}

/** Names in lower case: the product itself writes them in mixed case. */
function valuesOf(key: XmlElement): ReadonlyMap<string, string> {
  const values = key.children.filter(({ name }) => name === 'value');
  return new Map(values.map((value) => [(value.attributes.get('name') ?? '').toLowerCase(), value.text]));
}

function attributeOf(element: XmlElement, wanted: string): string | undefined {
  for (const [name, value] of element.attributes) if (name.toLowerCase() === wanted) return value;
  return undefined;
}
