// Who of the named gateways is pushed: what a review says against it, and what the operator decided. Pure.
import { hasErrors, isDriven, type ReviewEntry } from '../../components/fold-reviews.ts';

export type SortedOut = {
  refused: string[]; // the push would be refused
  silent: string[]; // does not answer: it would count as a failure
  driven: string[]; // runs what was not pushed from here: a push stops there, unless it overwrites
  same: string[]; // runs it already
  failed: ReviewEntry[]; // could not even be judged here
};

/** Each name stands in the first list that fits; those in none simply change. */
export function sortOut(entries: readonly ReviewEntry[]): SortedOut {
  const sorted: SortedOut = { refused: [], silent: [], driven: [], same: [], failed: [] };
  for (const entry of entries) {
    const { name, review } = entry;
    if (review === null) sorted.failed.push(entry);
    else if (hasErrors(review)) sorted.refused.push(name);
    else if (review.judgedBy === 'desktop') sorted.silent.push(name);
    else if (isDriven(review)) sorted.driven.push(name);
    else if (review.difference.length === 0) sorted.same.push(name);
  }
  return sorted;
}

export type Decisions = { leavesOutSilent: boolean; leavesOutSame: boolean; overwritesThere: boolean };

/** The names that the rollout takes, in their order. */
export function namesToPush(names: readonly string[], sorted: SortedOut, decisions: Decisions): string[] {
  const out = new Set([
    ...sorted.refused,
    ...sorted.failed.map(({ name }) => name),
    ...(decisions.leavesOutSilent ? sorted.silent : []),
    ...(decisions.leavesOutSame ? sorted.same : []),
  ]);
  return names.filter((name) => !out.has(name));
}
