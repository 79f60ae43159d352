// MTA-STS and DANE for mail routed by MX: which demand holds for a server. DANE is looked at first and beats MTA-STS
// (RFC 8461 §2); what only reports never holds mail up.
import type { MailResolver, MailServer } from '../find-servers.ts';
import { deferral, type Verdict } from '../verdict.ts';
import { resolverOf, type DnsClient } from './dns-client.ts';
import { findDane, type DaneAnswer } from './find-dane.ts';
import { judgeByDane, judgeByWebTrust, type PeerDemand } from './peer-demand.ts';
import type { StsPolicies } from './sts-policies.ts';
import { namesServer, type StsPolicy } from './sts-text.ts';

/** A policy was not met; `isRefused` tells whether mail waits for it. */
export type PeerPolicyEvent = {
  event: 'peer-policy';
  policy: 'dane' | 'mta-sts';
  domain: string;
  server: string;
  isRefused: boolean;
  words: string;
};

export type PeerPolicyMode = 'monitor' | 'enforce';

export type PeerPolicyParts = { dns: DnsClient; sts: StsPolicies; report: (event: PeerPolicyEvent) => void };

/** One server of the MX of `domain`. */
export type PolicyQuestion = { domain: string; server: MailServer; mode: PeerPolicyMode };

/** `demand: null`: no policy speaks of this server. */
export type PolicyAnswer = { ok: true; demand: PeerDemand | null } | { ok: false; verdict: Verdict };

type Breach = PolicyQuestion & { policy: PeerPolicyEvent['policy']; isEnforced: boolean };
type Dane = Extract<DaneAnswer, { kind: 'found' }>;

/** RFC 3463: cryptographic failure, directory server failure. */
const insecureStatus = '4.7.5';
const dnsStatus = '4.4.3';

/** Servers that fit into one explanation. */
const namedServers = 5;

/** Asks for policies and tells what they demand. */
export class PeerPolicies {
  readonly #parts: PeerPolicyParts;
  /** Routing and policies must go by the same answers. */
  readonly resolver: MailResolver;

  constructor(parts: PeerPolicyParts) {
    this.#parts = parts;
    this.resolver = resolverOf(parts.dns);
  }

  /** What a connection to this server must show. Never rejects. */
  async demandFor(question: PolicyQuestion): Promise<PolicyAnswer> {
    const { domain, server, mode } = question;
    const dane = await findDane(this.#parts.dns, { domain, host: server.host, port: server.port });
    if (dane.kind === 'failed') {
      const breach: Breach = { ...question, policy: 'dane', isEnforced: mode === 'enforce' };
      const words = this.#tell(breach, `DNS does not say whether it has TLSA records (${dane.words})`);
      return breach.isEnforced ? { ok: false, verdict: deferral(dnsStatus, words) } : { ok: true, demand: null };
    }
    const byDane = dane.kind === 'found' ? this.#daneDemand(question, dane) : null;
    if (dane.kind === 'found' && dane.records.length > 0) return { ok: true, demand: byDane };
    const policy = await this.#parts.sts.policyFor(domain);
    if (policy === null || policy.mode === 'none') return { ok: true, demand: byDane };
    return this.#byMtaSts(question, policy, byDane);
  }

  #byMtaSts(question: PolicyQuestion, policy: StsPolicy, byDane: PeerDemand | null): PolicyAnswer {
    const isEnforced = question.mode === 'enforce' && policy.mode === 'enforce';
    const breach: Breach = { ...question, policy: 'mta-sts', isEnforced };
    if (!namesServer(policy, question.server.host)) {
      const words = this.#tell(breach, 'the policy does not name it');
      return isEnforced ? { ok: false, verdict: deferral(insecureStatus, words) } : { ok: true, demand: byDane };
    }
    if (byDane && !isEnforced) return { ok: true, demand: byDane };
    const demand = {
      isEnforced,
      servername: question.server.host,
      needsWebTrust: true,
      judge: judgeByWebTrust,
      onBroken: (why: string) => this.#tell(breach, why),
    };
    return { ok: true, demand };
  }

  #daneDemand(question: PolicyQuestion, dane: Dane): PeerDemand {
    const breach: Breach = { ...question, policy: 'dane', isEnforced: question.mode === 'enforce' };
    return {
      isEnforced: breach.isEnforced,
      servername: dane.base,
      needsWebTrust: false,
      judge: (socket) => judgeByDane(socket, dane),
      onBroken: (why) => this.#tell(breach, why),
    };
  }

  #tell({ domain, server: { host }, policy, isEnforced }: Breach, why: string): string {
    const name = policy === 'dane' ? 'DANE' : `the MTA-STS policy of ${domain}`;
    const words = `${host} does not meet ${name}: ${why}`;
    this.#parts.report({ event: 'peer-policy', policy, domain, server: host, isRefused: isEnforced, words });
    return words;
  }

  /** Why DANE cannot be checked on this host; null where it can. */
  whyNoDane(): Promise<string | null> {
    return this.#parts.dns.whyUntrusted();
  }

  /** The policies of a domain in words, for `explain`. */
  async describe(domain: string, port: number): Promise<string> {
    const policy = await this.#parts.sts.policyFor(domain);
    const until = this.#parts.sts.expiryOf(domain)?.toISOString().slice(0, 16).replace('T', ' ');
    const sts =
      policy === null
        ? 'no MTA-STS policy'
        : `MTA-STS policy ${policy.mode} for ${policy.mx.join(', ') || 'no server'}${until ? ` until ${until} UTC` : ''}`;
    return `${domain} has ${sts}; ${await this.#describeDane(domain, port)}`;
  }

  async #describeDane(domain: string, port: number): Promise<string> {
    const untrusted = await this.whyNoDane();
    if (untrusted !== null) return `DANE cannot be checked: ${untrusted}`;
    const records = await this.resolver.resolveMx(domain).catch(() => []);
    const hosts = records.length === 0 ? [domain] : records.map(({ exchange }) => exchange);
    const answers = await Promise.all(
      hosts.slice(0, namedServers).map(async (host) => {
        const dane = await findDane(this.#parts.dns, { domain, host, port });
        return `${host} ${daneWords(dane)}`;
      }),
    );
    return `DANE: ${answers.join(', ')}`;
  }
}

function daneWords(dane: DaneAnswer): string {
  switch (dane.kind) {
    case 'none':
      return 'has no validated TLSA record';
    case 'failed':
      return `cannot be looked up (${dane.words})`;
    case 'found':
      return dane.records.length === 0
        ? 'has no usable TLSA record, so TLS is a must and nobody is verified'
        : `has ${dane.records.length} usable TLSA record${dane.records.length === 1 ? '' : 's'}`;
  }
}
