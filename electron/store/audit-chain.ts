// The chain of an audit log: one JSON line an entry, each with the SHA-256 of the line before. Pure: text in, verdict
// out. What is kept outside the folder to find a cut end lies in audit-head.ts.
import { z } from 'zod';
import { Sha256 } from '#contract/files';
import { sha256Of } from '#certificates/hash';

const AuditLine = z.object({
  number: z.int().min(1),
  at: z.string(),
  by: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  outcome: z.string(),
  words: z.string(),
  previous: Sha256,
});

/** One entry as it is told: its place in the chain, without the hash. */
export type AuditEntry = Omit<z.infer<typeof AuditLine>, 'previous'> & { writer: string };

/** What is written of an action; the log adds who and when. Facts only, never a secret. */
export type AuditFact = { action: string; target: string | null; outcome: string; words: string };

/** The last entry of a chain. */
export type ChainEnd = { count: number; hash: Sha256 };

export type ChainBreak = { number: number | null; words: string };

/** `hashes` by number, of the entries that can be read. */
export type Chain = { entries: AuditEntry[]; hashes: Map<number, Sha256>; end: ChainEnd; breaks: ChainBreak[] };

/** What the first entry continues: a chain cannot be passed off as another writer's. */
export function startOf(writer: string): ChainEnd {
  return { count: 0, hash: sha256Of(`postern audit ${writer}`) };
}

/** Longer texts belong into the history, not into a log of facts. Postern's own limit. */
const maxWords = 2000;

/** The line of the next entry, and the chain's end with it. */
export function formatEntry(
  end: ChainEnd,
  fact: AuditFact,
  { at, by }: { at: string; by: string },
): { line: string; end: ChainEnd } {
  const { action, target, outcome, words } = fact;
  const number = end.count + 1;
  const short = words.length > maxWords ? `${words.slice(0, maxWords)}…` : words;
  const line = JSON.stringify({ number, at, by, action, target, outcome, words: short, previous: end.hash });
  return { line: `${line}\n`, end: { count: number, hash: sha256Of(line) } };
}

/** Reads a chain, whole or from an end on, and names every place where it does not hold. */
export function readChain(writer: string, text: string, from: ChainEnd = startOf(writer)): Chain {
  const chain: Chain = { entries: [], hashes: new Map(), end: from, breaks: [] };
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  const gaps: { from: number; to: number }[] = [];
  let expected = chain.end;
  for (const [index, line] of lines.entries()) {
    const hash = sha256Of(line);
    const read = parseLine(line);
    if (read === null) {
      chain.breaks.push({
        number: expected.count + 1,
        words: `Line ${index + 1} is no entry any more: it was changed.`,
      });
      expected = { count: expected.count + 1, hash };
      continue;
    }
    const { previous, ...entry } = read;
    if (entry.number > expected.count + 1) gaps.push({ from: expected.count + 1, to: entry.number - 1 });
    else if (entry.number <= expected.count) {
      chain.breaks.push({
        number: entry.number,
        words: `Entry ${entry.number} stands behind entry ${expected.count}.`,
      });
    } else if (previous !== expected.hash) chain.breaks.push(notContinued(entry.number));
    chain.entries.push({ ...entry, writer });
    chain.hashes.set(entry.number, hash);
    expected = { count: Math.max(expected.count, entry.number), hash };
    if (entry.number >= chain.end.count) chain.end = { count: entry.number, hash };
  }
  if (torn !== '') chain.breaks.push({ number: null, words: 'The last line breaks off in the middle.' });
  chain.breaks.push(...gaps.map((gap) => describeGap(gap, chain.hashes)));
  return chain;
}

/** The entries of a text that can be read, whether or not they hold together. */
export function entriesOf(writer: string, text: string): AuditEntry[] {
  return text.split('\n').flatMap((line) => {
    const read = parseLine(line);
    if (read === null) return [];
    const { previous: _hash, ...entry } = read;
    return [{ ...entry, writer }];
  });
}

/** Compares a chain with an end of it that was seen before; the words say what is not there any more. */
export function compareWithEnd({ end, hashes }: Chain, known: ChainEnd, whoSaw: string): ChainBreak[] {
  if (end.count < known.count) {
    const words = `${entries(end.count + 1, known.count)} cut off at the end: ${whoSaw} ${known.count}.`;
    return [{ number: end.count + 1, words }];
  }
  const hash = hashes.get(known.count);
  if (known.count === 0 || hash === known.hash) return [];
  const words = `Entry ${known.count} is not the one that was written: it was changed or replaced.`;
  return [{ number: known.count, words }];
}

function parseLine(line: string): z.infer<typeof AuditLine> | null {
  try {
    return AuditLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function notContinued(number: number): ChainBreak {
  const words =
    number === 1
      ? 'Entry 1 does not begin this chain: it was changed, or comes from another one.'
      : `Entry ${number} does not continue entry ${number - 1}: one of them was changed.`;
  return { number, words };
}

/** Numbers that turn up later stand in the wrong place; the others are gone. */
function describeGap({ from, to }: { from: number; to: number }, hashes: Chain['hashes']): ChainBreak {
  const moved = Array.from({ length: Math.min(to - from + 1, 1000) }, (_, index) => from + index).some((number) =>
    hashes.has(number),
  );
  const words = moved
    ? `${from === to ? `Entry ${from}` : `Entries ${from} to ${to}`} stand${from === to ? 's' : ''} in another place than it was written.`
    : `${entries(from, to)} missing.`;
  return { number: from, words };
}

function entries(from: number, to: number): string {
  return from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
}
