// Three versions of one value joined: whoever changed it decides; where both did, a person does.
import type { Scope } from '#contract/scope';

/** One value that two sides changed differently, in words (the same shape as in the window's contract). */
export type FieldConflict = {
  id: string;
  scope: Scope;
  label: string;
  base: string;
  ours: string;
  theirs: string;
};

export type Choice = 'ours' | 'theirs';

/** What was decided, by the conflict's id. */
export type Choices = Readonly<Record<string, Choice>>;

/** What a value was when both had it, and what each side made of it. */
export type Versions<T> = { base: T; ours: T; theirs: T };

/** The side that decides; null where both changed it and not to the same. */
export function sideOf<T>({ base, ours, theirs }: Versions<T>, isSame: (a: T, b: T) => boolean): Choice | null {
  if (isSame(ours, theirs) || isSame(base, theirs)) return 'ours';
  return isSame(base, ours) ? 'theirs' : null;
}

/** A file joined: its content (null: it is gone), and what could not be decided. */
export type JoinedFile = { content: Buffer | null; conflicts: FieldConflict[] };
