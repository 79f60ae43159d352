// The two optional questions to DNS: does the sender's domain exist, has the client's address a name? Asked only when the
// message rule wants it and no permit entry speaks for the client; answers are kept for a moment, failures are not.
import { Resolver } from 'node:dns/promises';
import type { DnsAnswer, SenderDomainFacts } from '../policy/decide-origin.ts';

/** What the checks ask of DNS. Rejects with the codes of node:dns. */
export type OriginResolver = {
  resolveMx(name: string): Promise<{ exchange: string }[]>;
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  reverse(address: string): Promise<string[]>;
};

/** A client waits for these answers: 3 s and one repetition, below the 5 minutes of RFC 5321 §4.5.3.2.2. */
export function systemOriginResolver(): OriginResolver {
  return new Resolver({ timeout: 3000, tries: 2 });
}

/** DNS said that there is nothing; every other code means that it did not say. */
const nothingThere = new Set(['ENOTFOUND', 'ENODATA']);

/** Answers are asked for again after this; one client's burst is one question. Postern's own numbers. */
const keptMilliseconds = 60_000;
const maxKept = 10_000;

/** Asks and remembers. */
export class OriginChecks {
  readonly #resolver: OriginResolver;
  readonly #kept = new Map<string, { until: number; facts: Promise<SenderDomainFacts> | Promise<DnsAnswer> }>();

  constructor(resolver: OriginResolver) {
    this.#resolver = resolver;
  }

  /** Never rejects. */
  senderDomain(domain: string): Promise<SenderDomainFacts> {
    return this.#remember(`domain ${domain}`, () => this.#askDomain(domain));
  }

  /** Never rejects. */
  reverse(address: string): Promise<DnsAnswer> {
    return this.#remember(`address ${address}`, () => ask(() => this.#resolver.reverse(address)));
  }

  #remember<T extends SenderDomainFacts | DnsAnswer>(key: string, look: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known && known.until > performance.now()) return known.facts as Promise<T>;
    const facts = look();
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(key, { until: performance.now() + keptMilliseconds, facts: facts as Promise<DnsAnswer> });
    void facts.then((answer) => {
      if (JSON.stringify(answer).includes('failed')) this.#kept.delete(key);
    });
    return facts;
  }

  async #askDomain(domain: string): Promise<SenderDomainFacts> {
    let isNullMx = false;
    const mx = await ask(async () => {
      const records = await this.#resolver.resolveMx(domain);
      isNullMx = records.length === 1 && (records[0]?.exchange === '' || records[0]?.exchange === '.');
      return records;
    });
    if (isNullMx) return { mx: 'null-mx', address: 'none' };
    if (mx === 'found') return { mx, address: 'none' };
    const both = await Promise.all([
      ask(() => this.#resolver.resolve4(domain)),
      ask(() => this.#resolver.resolve6(domain)),
    ]);
    const address = both.find((each) => each === 'found') ?? both.find((each) => each === 'failed') ?? 'none';
    return { mx, address };
  }
}

async function ask(question: () => Promise<readonly unknown[]>): Promise<DnsAnswer> {
  try {
    return (await question()).length > 0 ? 'found' : 'none';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return nothingThere.has(code) ? 'none' : 'failed';
  }
}
