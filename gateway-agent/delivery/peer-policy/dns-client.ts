// Asks DNS and says whether the answer was validated. Answers are kept for seconds, so that the connections of one
// destination, which all ask the same, ask once.
import type { Answer, DecodedPacket, TlsaData } from 'dns-packet';
import type { MailResolver } from '../find-servers.ts';
import { exchange, type DnsQuestion } from './dns-exchange.ts';
import { loadNameservers, type Nameserver } from './nameservers.ts';

/** `owner` is the name at the end of a chain of CNAMEs. `failed` covers what did not validate: never taken for "none". */
export type DnsReply =
  | { kind: 'found'; records: Answer[]; owner: string; isAuthentic: boolean }
  | { kind: 'none'; isAuthentic: boolean }
  | { kind: 'failed'; words: string };

type MailRecord = { exchange: string; priority: number };

const tries = 2;
const keptMilliseconds = 5_000;
const maxKept = 1_000;
const serversKeptMilliseconds = 30_000;

/** RFC 1034 §3.6.2 sets no limit; resolvers stop between 8 and 16. */
const maxAliases = 12;

/** RFC 1035 §4.1.1. */
const rcodeMask = 0xf;
const noError = 0;
const noSuchName = 3;
const rcodeNames: Record<number, string> = { 1: 'FORMERR', 2: 'SERVFAIL', 4: 'NOTIMP', 5: 'REFUSED' };

/** Underscores are for `_25._tcp` and `_mta-sts`. */
const askableName = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i;

/** The one that policies, and mail routed by MX under them, ask. */
export class DnsClient {
  readonly #fixed: Nameserver | null;
  #servers: { list: Nameserver[]; until: number } | null = null;
  readonly #kept = new Map<string, { reply: Promise<DnsReply>; until: number }>();

  /** `server` instead of those of the system. */
  constructor(server: Nameserver | null) {
    this.#fixed = server;
  }

  /** Why no answer can count as validated here; null where one can. */
  async whyUntrusted(): Promise<string | null> {
    const servers = await this.#serversNow();
    if (servers.some(({ isTrusted }) => isTrusted)) return null;
    const names = servers.map(({ address }) => address).join(', ');
    return `the resolver ${names} is not on this machine, and /etc/resolv.conf has no option trust-ad`;
  }

  /** Never rejects. */
  ask(rawName: string, type: DnsQuestion['type']): Promise<DnsReply> {
    const name = rawName.replace(/\.$/, '').toLowerCase();
    if (!askableName.test(name)) return Promise.resolve({ kind: 'failed', words: `${name} is no name for DNS` });
    const key = `${type} ${name}`;
    const kept = this.#kept.get(key);
    if (kept && kept.until > performance.now()) return kept.reply;
    const reply = this.#askServers({ name, type });
    this.#kept.delete(key);
    this.#kept.set(key, { reply, until: performance.now() + keptMilliseconds });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > maxKept && !oldest.done) this.#kept.delete(oldest.value);
    return reply;
  }

  async #askServers(question: DnsQuestion): Promise<DnsReply> {
    const servers = await this.#serversNow();
    let words = 'no resolver answers';
    for (let attempt = 0; attempt < tries; attempt += 1) {
      for (const server of servers) {
        const packet = await exchange(server, question);
        if (!packet) continue;
        const code = (packet.flags ?? 0) & rcodeMask;
        if (code === noError || code === noSuchName) return readReply(packet, question, server);
        words = `the resolver says ${rcodeNames[code] ?? `code ${code}`}`; // SERVFAIL is also what fails to validate
      }
    }
    return { kind: 'failed', words: `${question.type} of ${question.name}: ${words}` };
  }

  async #serversNow(): Promise<Nameserver[]> {
    if (this.#fixed) return [this.#fixed];
    if (!this.#servers || this.#servers.until < performance.now()) {
      this.#servers = { list: await loadNameservers(), until: performance.now() + serversKeptMilliseconds };
    }
    return this.#servers.list;
  }
}

function readReply(packet: DecodedPacket, question: DnsQuestion, server: Nameserver): DnsReply {
  const { answers = [], flag_ad } = packet;
  const isAuthentic = flag_ad && server.isTrusted;
  let owner = question.name;
  for (let count = 0; count < maxAliases; count += 1) {
    const alias = answers.find(({ type, name }) => type === 'CNAME' && name.toLowerCase() === owner);
    if (alias?.type !== 'CNAME') break;
    owner = alias.data.toLowerCase();
  }
  const records = answers.filter(({ type, name }) => type === question.type && name.toLowerCase() === owner);
  return records.length > 0 ? { kind: 'found', records, owner, isAuthentic } : { kind: 'none', isAuthentic };
}

/** TLSA records of an answer. */
export function tlsaOf(records: readonly Answer[]): TlsaData[] {
  return records.flatMap((record) => (record.type === 'TLSA' ? [record.data] : []));
}

/** TXT records of an answer, each of its parts joined. */
export function textsOf(records: readonly Answer[]): string[] {
  return records.flatMap((record) => {
    if (record.type !== 'TXT') return [];
    const parts = Array.isArray(record.data) ? record.data : [record.data];
    return [parts.map((part) => part.toString()).join('')];
  });
}

/** Addresses of an answer. */
export function addressesOf(reply: DnsReply): string[] {
  if (reply.kind !== 'found') return [];
  return reply.records.flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.data] : []));
}

/** Routing by MX out of the same answers that the policies judge. */
export function resolverOf(dns: DnsClient): MailResolver {
  return {
    async resolveMx(name) {
      const reply = await dns.ask(name, 'MX');
      if (reply.kind !== 'found') throw missing(reply);
      return reply.records.flatMap((record): MailRecord[] => {
        return record.type === 'MX' ? [{ exchange: record.data.exchange, priority: record.data.preference ?? 0 }] : [];
      });
    },
    async addressesOf(host) {
      const [four, six] = await Promise.all([dns.ask(host, 'A'), dns.ask(host, 'AAAA')]);
      const list = [...addressesOf(four), ...addressesOf(six)];
      if (list.length > 0) return list;
      throw missing(four.kind === 'failed' ? four : six);
    },
  };
}

/** In the codes of node:dns. */
function missing(reply: DnsReply): Error {
  if (reply.kind === 'failed') return Object.assign(new Error(reply.words), { code: 'ESERVFAIL' });
  return Object.assign(new Error('nothing there'), { code: 'ENODATA' });
}
