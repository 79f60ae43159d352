// Two versions of an address list joined entry by entry: what each side added or removed since they were one.
import { sideOf, type Choices, type FieldConflict, type JoinedFile, type Versions } from './merge-values.ts';

export type ListMerge = {
  path: string;
  /** Words and scope of a conflict in this list. */
  about: Pick<FieldConflict, 'scope' | 'label'>;
  texts: Versions<string>;
  choices: Choices;
  /** Awaited every few thousand lines; it may end the work by throwing. */
  onSome: () => Promise<void>;
};

/** A list of a million entries takes seconds; so many lines take a millisecond or two. */
const linesInOneGo = 4096;

/** Ours keeps its order; what only they have stands at the end. A note is part of its entry. */
export async function mergeLists({ path, about, texts, choices, onSome }: ListMerge): Promise<JoinedFile> {
  const lines = { base: linesOf(texts.base), ours: linesOf(texts.ours), theirs: linesOf(texts.theirs) };
  const [ours, theirs] = [await byKey(lines.ours, { onSome }), await byKey(lines.theirs, { onSome })];
  const open = await differingKeys(ours, theirs, onSome);
  const known = { base: await byKey(lines.base, { onSome, only: open }), ours, theirs };
  const conflicts: FieldConflict[] = [];
  const decide = (key: string): string | undefined => {
    if (!open.has(key)) return ours.get(key);
    const versions = { base: known.base.get(key), ours: known.ours.get(key), theirs: known.theirs.get(key) };
    const id = `${path}#${key}`;
    const side = sideOf(versions, (a, b) => a === b) ?? choices[id];
    if (side !== undefined) return versions[side];
    const words = (line: string | undefined) => line?.trim() ?? 'Not in the list';
    conflicts.push({
      id,
      scope: about.scope,
      label: `${about.label}: ${key}`,
      base: words(versions.base),
      ours: words(versions.ours),
      theirs: words(versions.theirs),
    });
    return versions.ours;
  };
  const joined: string[] = [];
  for (const [index, line] of lines.ours.entries()) {
    if (index % linesInOneGo === 0) await onSome();
    const key = keyOf(line);
    const decided = key === '' ? line : decide(key);
    if (decided !== undefined) joined.push(decided);
  }
  for (const [index, line] of lines.theirs.entries()) {
    if (index % linesInOneGo === 0) await onSome();
    const key = keyOf(line);
    const decided = key === '' || ours.has(key) ? undefined : decide(key);
    if (decided !== undefined) joined.push(decided);
  }
  joined.push(''); // the last line has an end too
  return { content: Buffer.from(joined.join('\n'), 'utf8'), conflicts };
}

function linesOf(text: string): string[] {
  const plain = text.replace(/^\uFEFF/, '');
  const lines = plain.split(plain.includes('\r') ? /\r\n|\r|\n/ : '\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** An entry without its note; a line that is only a note is told apart by all of it. */
function keyOf(line: string): string {
  const note = line.indexOf('#');
  const entry = (note < 0 ? line : line.slice(0, note)).trim();
  return entry === '' ? line.trim() : entry;
}

type Reading = { onSome: () => Promise<void>; only?: ReadonlySet<string> };

async function byKey(lines: readonly string[], { onSome, only }: Reading): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (index % linesInOneGo === 0) await onSome();
    const key = keyOf(line);
    if (only?.has(key) !== false) known.set(key, line);
  }
  return known;
}

/** What is the same on both sides needs no third one to decide it: of a million entries nearly all. */
async function differingKeys(
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
  onSome: () => Promise<void>,
): Promise<Set<string>> {
  const differing = new Set<string>();
  let seen = 0;
  for (const [one, other] of [[ours, theirs] as const, [theirs, ours] as const]) {
    for (const [key, line] of one) {
      if (seen++ % linesInOneGo === 0) await onSome();
      if (other.get(key) !== line) differing.add(key);
    }
  }
  return differing;
}
