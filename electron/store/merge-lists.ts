// Two versions of an address list joined entry by entry: what each side added or removed since they were one.
import { sideOf, type Choices, type FieldConflict, type JoinedFile, type Versions } from './merge-values.ts';

export type ListMerge = {
  path: string;
  /** Words and scope of a conflict in this list. */
  about: Pick<FieldConflict, 'scope' | 'label'>;
  texts: Versions<string>;
  choices: Choices;
};

/** Ours keeps its order; what only they have stands at the end. A note is part of its entry. */
export function mergeLists({ path, about, texts, choices }: ListMerge): JoinedFile {
  const lines = { base: linesOf(texts.base), ours: linesOf(texts.ours), theirs: linesOf(texts.theirs) };
  const known = { base: byKey(lines.base), ours: byKey(lines.ours), theirs: byKey(lines.theirs) };
  const conflicts: FieldConflict[] = [];
  const decide = (key: string): string | undefined => {
    const versions = { base: known.base.get(key), ours: known.ours.get(key), theirs: known.theirs.get(key) };
    const id = `${path}#${key}`;
    const side = sideOf(versions, (a, b) => a === b) ?? choices[id];
    if (side !== undefined) return versions[side];
    const words = (line: string | undefined) => line?.trim() ?? 'Not in the list';
    const { base, ours, theirs } = versions;
    conflicts.push({
      id,
      scope: about.scope,
      label: `${about.label}: ${key}`,
      base: words(base),
      ours: words(ours),
      theirs: words(theirs),
    });
    return ours;
  };
  const joined = lines.ours.flatMap((line) => {
    const key = keyOf(line);
    return key === '' ? [line] : (decide(key) ?? []);
  });
  for (const line of lines.theirs) {
    const key = keyOf(line);
    if (key !== '' && !known.ours.has(key)) joined.push(...[decide(key) ?? []].flat());
  }
  return { content: Buffer.from(joined.map((line) => `${line}\n`).join(''), 'utf8'), conflicts };
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** An entry without its note; a line that is only a note is told apart by all of it. */
function keyOf(line: string): string {
  const entry = (line.split('#')[0] ?? '').trim();
  return entry === '' ? line.trim() : entry;
}

function byKey(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [keyOf(line), line]));
}
