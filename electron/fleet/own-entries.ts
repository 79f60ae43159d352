// A gateway's own list entries so that, with the shared lists, exactly what lies on the gateway comes out. Pure.
import { formatBlock, parseListLine } from '#contract/addresses';

export type OwnEntries = {
  own: string;
  /** An entry of a shared list is not there: the gateway can have that only without the shared lists. */
  leavesShared: boolean;
};

type Entry = { block: string; line: string };

/** Comments and the order of the own list stay; what is new comes behind. */
export function ownEntriesFor(theirs: string, shared: readonly string[], own: string): OwnEntries {
  const there = new Map(entriesIn(theirs).map(({ block, line }) => [block, line]));
  const inherited = new Set(shared.flatMap(entriesIn).map(({ block }) => block));
  const leavesShared = [...inherited].some((block) => !there.has(block));
  const known = new Set<string>(leavesShared ? [] : inherited);
  const kept: string[] = [];
  for (const line of linesOf(own)) {
    const entry = entryOf(line);
    if (entry === null) kept.push(line);
    else if (there.has(entry.block) && !known.has(entry.block)) {
      known.add(entry.block);
      kept.push(there.get(entry.block) ?? line);
    }
  }
  const added = [...there].filter(([block]) => !known.has(block)).map(([, line]) => line);
  const lines = [...kept, ...added];
  return { own: lines.length === 0 ? '' : `${lines.join('\n')}\n`, leavesShared };
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function entriesIn(text: string): Entry[] {
  return linesOf(text).flatMap((line) => entryOf(line) ?? []);
}

/** A line that is no entry cannot be compared; a save refuses it anyway. */
function entryOf(line: string): Entry | null {
  const read = parseListLine(line);
  return read.kind === 'entry' ? { block: formatBlock(read.entry.block), line: line.trim() } : null;
}
