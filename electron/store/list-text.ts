// The text of an address list as the folder keeps it: every entry in its one spelling, notes and comment lines kept.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatList, parseListLine } from '#contract/addresses';
import { done, failed, type Outcome } from '#contract/outcome';

/** 64 MiB: a million entries with notes; also what the contract lets cross. */
export const maxListBytes = 64 * 1024 * 1024;

/** `kept` is for the folder, `sent` for a gateway: entries and notes only, so that comments make no new revision. */
export type NormalList = { kept: string; sent: string; entries: number };

/** Lines read before others get a turn: about 10 ms of work. */
const linesPerTurn = 5_000;

/** Reads every line; the first refused one fails the whole list, by number and reason, and says how many more. */
export async function normaliseList(name: string, rawText: string): Promise<Outcome<NormalList>> {
  const lines = rawText.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  const kept: string[] = [];
  const sent: string[] = [];
  let first: string | null = null;
  let refused = 0;
  for (const [index, line] of lines.entries()) {
    if (index % linesPerTurn === linesPerTurn - 1) await nextTurn();
    const read = parseListLine(line);
    if (read.kind === 'blank') kept.push(`${line.trim()}\n`);
    else if (read.kind === 'entry') {
      const entry = formatList([read.entry]);
      kept.push(entry);
      sent.push(entry);
    } else {
      refused++;
      first ??= `line ${index + 1}: ${read.reason}`;
    }
  }
  if (first !== null) return failed('list-rejected', `${name}, ${first}${more(refused)}`, 'Correct or remove it.');
  return done({ kept: kept.join(''), sent: sent.join(''), entries: sent.length });
}

function more(refused: number): string {
  if (refused === 1) return '';
  return ` (and ${refused - 1} more ${refused === 2 ? 'line' : 'lines'})`;
}
