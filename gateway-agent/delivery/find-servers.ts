// Which servers take the mail of a destination, in the order to try them: static ones by preference, or those of the MX
// records (RFC 5321 §5.1, RFC 7505). This gateway itself is never one of them.
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Destination } from '#contract/config';
import { deferral, rejection, type Verdict } from './verdict.ts';

/** What routing asks of DNS. Rejects with the codes of node:dns. */
export type MailResolver = {
  resolveMx(name: string): Promise<{ exchange: string; priority: number }[]>;
  /** IPv4 and IPv6 addresses, in the order to try them. */
  addressesOf(host: string): Promise<string[]>;
};

/** One server; `host` is the name that its certificate must show. */
export type MailServer = { host: string; port: number; addresses: string[] };
export type FoundServers = { ok: true; servers: MailServer[] } | { ok: false; verdict: Verdict };

/** What routing must know of this gateway. */
export type OurSelf = {
  /** Names that mean this gateway in MX records, lower case. */
  names: ReadonlySet<string>;
  isOurselves(address: string, port: number): boolean;
};

/** The system's own resolver. MX questions go past /etc/hosts, addresses do not. */
export function systemMailResolver(): MailResolver {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  return {
    resolveMx: (name) => resolver.resolveMx(name),
    addressesOf: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  };
}

/** DNS said that there is nothing; every other code means that it did not say. */
const nothingThere = new Set(['ENOTFOUND', 'ENODATA']);

/** More MX records than this are not tried in one attempt: Postfix' smtp_mx_address_limit is 5. */
const maxServers = 10;

type Search = { destination: Destination; domain: string; resolver: MailResolver; ourself: OurSelf };
type Candidate = { host: string; port: number; preference: number };

/** Never rejects. `domain` is the recipient's. */
export async function findServers(search: Search): Promise<FoundServers> {
  const { destination } = search;
  if (destination.kind === 'static') return findStatic(destination.servers, search);
  return findByMx(destination.name ?? search.domain, destination.port, search);
}

async function findStatic(configured: readonly Candidate[], search: Search): Promise<FoundServers> {
  const { servers, isLoop } = await resolveAll(inOrder(configured), search);
  const named = configured.map(({ host, port }) => `${host}, port ${port}`).join('; ');
  if (servers.length > 0) return { ok: true, servers };
  // A mistake of configuration: the operator can repair it, so the mail is kept.
  if (isLoop) return { ok: false, verdict: deferral('4.4.6', `The next hop (${named}) is this gateway itself`) };
  return { ok: false, verdict: deferral('4.4.3', `The name of the next hop (${named}) cannot be resolved`) };
}

async function findByMx(domain: string, port: number, search: Search): Promise<FoundServers> {
  if (domain === '') return { ok: false, verdict: rejection('5.1.3', 'The recipient has no domain') };
  const records = await mxOf(domain, search.resolver);
  if ('verdict' in records) return { ok: false, verdict: records.verdict };
  const isImplicit = records.found.length === 0; // RFC 5321 §5.1: then the domain itself is the server
  const all = isImplicit ? [{ exchange: domain, priority: 0 }] : records.found;
  if (all.length === 1 && (all[0]?.exchange === '' || all[0]?.exchange === '.')) {
    return { ok: false, verdict: rejection('5.1.10', `${domain} takes no mail (null MX)`) };
  }
  const candidates = all.map(({ exchange, priority }) => ({ host: exchange, port, preference: priority }));
  const usable = await leaveOutOurselves(candidates, search);
  if (usable.length === 0) {
    return { ok: false, verdict: rejection('5.4.6', `The mail for ${domain} leads back to this gateway`) };
  }
  const { servers, isMissing } = await resolveAll(inOrder(usable), search);
  if (servers.length > 0) return { ok: true, servers };
  if (isImplicit && isMissing) {
    return { ok: false, verdict: rejection('5.1.2', `The domain ${domain} has neither MX nor address`) };
  }
  return { ok: false, verdict: deferral('4.4.3', `No mail server of ${domain} can be resolved`) };
}

async function mxOf(
  domain: string,
  resolver: MailResolver,
): Promise<{ found: { exchange: string; priority: number }[] } | { verdict: Verdict }> {
  try {
    return { found: await resolver.resolveMx(domain) };
  } catch (error) {
    if (nothingThere.has(codeOf(error))) return { found: [] };
    return { verdict: deferral('4.4.3', `DNS did not answer for ${domain} (${codeOf(error)})`) };
  }
}

/** RFC 5321 §5.1: where we are an MX ourselves, we and everybody behind us are left out, else mail goes in circles. */
async function leaveOutOurselves(candidates: Candidate[], search: Search): Promise<Candidate[]> {
  const ours: number[] = [];
  for (const candidate of candidates) {
    const isNamed = search.ourself.names.has(candidate.host.toLowerCase());
    if (isNamed || (await leadsHere(candidate, search))) ours.push(candidate.preference);
  }
  const best = Math.min(...ours, Infinity);
  return candidates.filter(({ preference }) => preference < best);
}

async function leadsHere({ host, port }: Candidate, { resolver, ourself }: Search): Promise<boolean> {
  const addresses = await addressesOf(host, resolver);
  return 'list' in addresses && addresses.list.some((address) => ourself.isOurselves(address, port));
}

/** Lower preference first, equal ones in random order. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return candidates
    .map((candidate) => ({ candidate, lot: Math.random() }))
    .toSorted((left, right) => left.candidate.preference - right.candidate.preference || left.lot - right.lot)
    .map(({ candidate }) => candidate);
}

async function resolveAll(candidates: Candidate[], { resolver, ourself }: Search) {
  const servers: MailServer[] = [];
  let isLoop = false;
  let isMissing = true;
  for (const { host, port } of candidates.slice(0, maxServers)) {
    const addresses = await addressesOf(host, resolver);
    if (!('list' in addresses)) {
      isMissing &&= addresses.isMissing;
      continue;
    }
    isMissing = false;
    if (addresses.list.some((address) => ourself.isOurselves(address, port))) isLoop = true;
    else servers.push({ host, port, addresses: addresses.list });
  }
  return { servers, isLoop, isMissing };
}

async function addressesOf(host: string, resolver: MailResolver): Promise<{ list: string[] } | { isMissing: boolean }> {
  if (isIP(host)) return { list: [host] };
  try {
    const list = await resolver.addressesOf(host);
    return list.length > 0 ? { list } : { isMissing: true };
  } catch (error) {
    return { isMissing: nothingThere.has(codeOf(error)) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
