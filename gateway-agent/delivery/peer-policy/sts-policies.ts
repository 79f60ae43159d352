// The MTA-STS policies that are in force (RFC 8461 §3 and §5.1): asked for, kept on the disk for as long as they say, and
// kept while a newer one cannot be had. What a network hides today it cannot make forgotten.
import { z } from 'zod';
import type { MailResolver } from '../find-servers.ts';
import { resolverOf, textsOf, type DnsClient } from './dns-client.ts';
import { fetchStsPolicy, type StsFetch } from './fetch-sts-policy.ts';
import { readStsRecord, type StsPolicy } from './sts-text.ts';

/** Where the policies lie between two runs of the daemon. */
export type PolicyStorage = { load(): Promise<string>; save(text: string): Promise<void> };

export type StsParts = Omit<StsFetch, 'addressesOf'> & {
  dns: DnsClient;
  storage: PolicyStorage;
  now: () => number;
  notice: (words: string) => void;
};

/** About 1 MB on the disk. Postern's own number. */
const maxPolicies = 5_000;

/** A domain is asked for its record once in this time, however much mail it gets. */
const checkMinutes = 1;

/** RFC 8461 §3.3: no more than one failed fetch every five minutes. */
const retryMinutes = 5;

/** RFC 8461 §10.2 asks for a look at least once a day, so that no policy expires unnoticed. */
const refreshMilliseconds = 86_400_000;

const KeptPolicy = z.object({
  id: z.string(),
  fetchedAt: z.number(),
  expiresAt: z.number(),
  policy: z.object({
    mode: z.enum(['enforce', 'testing', 'none']),
    mx: z.array(z.string()),
    maxAgeSeconds: z.number(),
  }),
});
type KeptPolicy = z.infer<typeof KeptPolicy>;
const KeptPolicies = z.record(z.string(), KeptPolicy);

/** All policies known here. */
export class StsPolicies {
  readonly #parts: StsParts;
  readonly #resolver: MailResolver;
  #kept: Map<string, KeptPolicy> | null = null;
  readonly #checks = new Map<string, { answer: Promise<StsPolicy | null>; until: number }>();
  readonly #retryAt = new Map<string, number>();
  #saving: Promise<void> | null = null;
  #isChanged = false;

  constructor(parts: StsParts) {
    this.#parts = parts;
    this.#resolver = resolverOf(parts.dns);
  }

  /** The policy in force, or null. Never rejects. */
  policyFor(rawDomain: string): Promise<StsPolicy | null> {
    const domain = rawDomain.toLowerCase();
    const check = this.#checks.get(domain);
    if (check && check.until > performance.now()) return check.answer;
    const answer = this.#look(domain);
    const until = performance.now() + checkMinutes * this.#parts.minuteMilliseconds;
    remember(this.#checks, domain, { answer, until });
    return answer;
  }

  /** Until when the policy of this domain is kept; null where none is. */
  expiryOf(domain: string): Date | null {
    const kept = this.#kept?.get(domain.toLowerCase());
    return kept ? new Date(kept.expiresAt) : null;
  }

  /** What was learned is on the disk. */
  async flush(): Promise<void> {
    while (this.#saving) await this.#saving;
  }

  async #look(domain: string): Promise<StsPolicy | null> {
    const kept = await this.#inForce(domain);
    const record = await this.#parts.dns.ask(`_mta-sts.${domain}`, 'TXT');
    const id = record.kind === 'found' ? readStsRecord(textsOf(record.records)) : null;
    const now = this.#parts.now();
    const isFresh = kept?.id === id && kept !== null && now - kept.fetchedAt < refreshAge(kept);
    const mayFetch = id !== null && !isFresh && (this.#retryAt.get(domain) ?? 0) <= performance.now();
    if (!mayFetch) return kept?.policy ?? null;
    const fetched = await fetchStsPolicy(domain, {
      ...this.#parts,
      addressesOf: (host) => this.#resolver.addressesOf(host),
    });
    if (fetched.ok) {
      const policy = fetched.value;
      await this.#keep(domain, { id, fetchedAt: now, expiresAt: now + policy.maxAgeSeconds * 1000, policy });
      return policy;
    }
    remember(this.#retryAt, domain, performance.now() + retryMinutes * this.#parts.minuteMilliseconds);
    const until = kept === null ? 'There is none to go by.' : `The one known stays in force until ${isoOf(kept)}.`;
    this.#parts.notice(`The MTA-STS policy of ${domain} cannot be fetched: ${fetched.problem.message}. ${until}`);
    return kept?.policy ?? null;
  }

  async #inForce(domain: string): Promise<KeptPolicy | null> {
    this.#kept ??= readKept(await this.#parts.storage.load().catch(() => ''));
    const kept = this.#kept.get(domain) ?? null;
    if (kept === null || kept.expiresAt > this.#parts.now()) return kept;
    this.#kept.delete(domain);
    return null;
  }

  async #keep(domain: string, policy: KeptPolicy): Promise<void> {
    this.#kept ??= new Map();
    remember(this.#kept, domain, policy);
    this.#isChanged = true;
    this.#saving ??= this.#save();
    await this.#saving;
  }

  async #save(): Promise<void> {
    while (this.#isChanged) {
      this.#isChanged = false;
      const text = JSON.stringify(Object.fromEntries(this.#kept ?? []));
      await this.#parts.storage.save(text).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : 'unexpected error';
        this.#parts.notice(`MTA-STS policies cannot be kept for the next start: ${reason}`);
      });
    }
    this.#saving = null;
  }
}

/** Policies that live a week or longer are looked at daily, shorter ones at half their time. */
function refreshAge({ policy }: KeptPolicy): number {
  return Math.min(refreshMilliseconds, policy.maxAgeSeconds * 500);
}

function isoOf({ expiresAt }: KeptPolicy): string {
  return new Date(expiresAt).toISOString();
}

/** A damaged file is as good as none: policies are learned anew. */
function readKept(text: string): Map<string, KeptPolicy> {
  try {
    return new Map(Object.entries(KeptPolicies.parse(JSON.parse(text))));
  } catch {
    return new Map();
  }
}

/** The oldest entry leaves when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > maxPolicies && !oldest.done) map.delete(oldest.value);
}
