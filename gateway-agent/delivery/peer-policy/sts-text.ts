// The two texts of MTA-STS (RFC 8461 §3): the TXT record that announces a policy, and the policy. Pure and strict.

/** What a domain asks of those who send to it. `mx` holds names and `*.name` patterns, lower case. */
export type StsPolicy = { mode: 'enforce' | 'testing' | 'none'; mx: string[]; maxAgeSeconds: number };

/** RFC 8461 §3.2: about a year. */
const maxAgeLimit = 31_557_600;

/** A policy names a handful of servers; Postern's own number. */
const maxPatterns = 200;

/** The id of the announced policy, or null where none is announced: §3.1, also where two records announce one. */
export function readStsRecord(texts: readonly string[]): string | null {
  const announcing = texts.filter((text) => /^v=STSv1[ \t]*;/.test(text));
  const [record, ...more] = announcing;
  if (record === undefined || more.length > 0) return null;
  const fields = record.split(';').map((field) => field.trim());
  const ids = fields.filter((field) => field.startsWith('id='));
  return /^id=([A-Za-z0-9]{1,32})$/.exec(ids[0] ?? '')?.[1] ?? null;
}

/** Null for whatever is no policy. */
export function readStsPolicy(text: string): StsPolicy | null {
  const single = new Map<string, string>();
  const mx: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const match = /^([a-zA-Z0-9][a-zA-Z0-9_.-]{0,31}):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!match) return null;
    const [, key = '', value = ''] = match;
    if (key === 'mx') mx.push(value.toLowerCase());
    else if (!single.has(key)) single.set(key, value); // §3.2: of repeated fields the first counts
  }
  const mode = single.get('mode');
  const age = single.get('max_age') ?? '';
  if (single.get('version') !== 'STSv1' || !/^\d{1,10}$/.test(age)) return null;
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return null;
  if (mx.length > maxPatterns || !mx.every(isPattern) || (mode !== 'none' && mx.length === 0)) return null;
  return { mode, mx, maxAgeSeconds: Math.min(Number(age), maxAgeLimit) };
}

function isPattern(text: string): boolean {
  return /^(\*\.)?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/.test(text);
}

/** §4.1: `*.` stands for exactly one label. */
export function namesServer({ mx }: StsPolicy, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const dot = name.indexOf('.');
  return mx.includes(name) || (dot > 0 && mx.includes(`*${name.slice(dot)}`));
}
