// Relay domains as text: one a line, in files and in the field; which of them takes a domain.
import { endsInNumber } from '#contract/address-text';
import { RelayDomain } from '#contract/config';

/** Lines start at 1. */
export type RefusedLine = { line: number; text: string; reason: string };
export type ReadDomains = { domains: string[]; repeated: number; refused: RefusedLine[] };

/** Ten thousand lines are judged for each key typed; those that did not change cost a look-up. */
const judged = new Map<string, string | null>();
const mostJudged = 50_000;

/** Why this is no relay domain; null: it is one. */
export function refuseDomain(entry: string): string | null {
  const known = judged.get(entry);
  if (known !== undefined) return known;
  const reason = findReason(entry);
  if (judged.size >= mostJudged) judged.clear();
  judged.set(entry, reason);
  return reason;
}

function findReason(entry: string): string | null {
  if (/^[\d.:/]+$/.test(entry) || endsInNumber(entry)) return 'An address is not a domain.';
  if (RelayDomain.safeParse(entry).success) return null;
  if (entry.includes('@')) return 'Leave out what stands before the @.';
  if (entry.startsWith('.')) return `Write *${entry} for every name below it.`;
  if (/[^\x20-\x7e]/.test(entry)) return 'Write it in ASCII: xn--…';
  return 'Not a domain name.';
}

/** Reads a file: blank lines and `#` comments are skipped, repeated domains are counted and taken once. */
export function readDomains(text: string): ReadDomains {
  const domains = new Set<string>();
  const read: ReadDomains = { domains: [], repeated: 0, refused: [] };
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .forEach((rawLine, index) => {
      const domain = rawLine
        .replace(/(^|\s)#.*$/, '')
        .trim()
        .toLowerCase();
      if (domain === '') return;
      const reason = refuseDomain(domain);
      if (reason !== null) read.refused.push({ line: index + 1, text: rawLine.trim(), reason });
      else if (domains.has(domain)) read.repeated += 1;
      else domains.add(domain);
    });
  return { ...read, domains: [...domains] };
}

/** Which entry takes mail for this domain: the exact one, or the nearest `*.` above it. */
export function takenBy(domains: ReadonlySet<string>, query: string): string | null {
  const name = query.trim().toLowerCase().replace(/^.*@/, '');
  if (domains.has(name)) return name;
  for (let rest = name; rest.includes('.');) {
    rest = rest.slice(rest.indexOf('.') + 1);
    if (domains.has(`*.${rest}`)) return `*.${rest}`;
  }
  return null;
}

/** '3 domains, 1 of them with *.', and how many stand there twice. */
export function countWords(entries: readonly string[]): string {
  const below = entries.filter((entry) => entry.startsWith('*.')).length;
  const repeated = entries.length - new Set(entries).size;
  const count = `${entries.length.toLocaleString('en-US')} ${entries.length === 1 ? 'domain' : 'domains'}`;
  return [
    count,
    ...(below === 0 ? [] : [`${below.toLocaleString('en-US')} with *.`]),
    ...(repeated === 0 ? [] : [`${repeated.toLocaleString('en-US')} repeated`]),
  ].join(', ');
}
