// Gateways for which a push does the same are told once. Pure.
import type { Problem } from '#contract/outcome';
import type { GatewayReview } from '#contract/push';

/** One gateway's review on its way: not there yet, there, or failed. */
export type ReviewEntry = { name: string; review: GatewayReview | null; problem: Problem | null };

/** Gateways that share difference, findings and judge. */
export type ReviewFold = { names: string[]; review: GatewayReview };

function likeness(review: GatewayReview): string {
  const { difference, findings, judgedBy, problem } = review;
  return JSON.stringify([difference, findings, judgedBy, problem?.code, isDriven(review)]);
}

/** The gateway runs something that was not pushed from here: a push needs a decision. */
export function isDriven(review: GatewayReview): boolean {
  return (
    review.judgedBy === 'gateway' &&
    review.runningRevision !== null &&
    review.runningRevision !== review.baseRevision &&
    review.runningRevision !== review.revision
  );
}

/** Folds equal reviews, in the order of their first gateway. */
export function foldReviews(entries: readonly ReviewEntry[]): ReviewFold[] {
  const folds = new Map<string, ReviewFold>();
  for (const { name, review } of entries) {
    if (review === null) continue;
    const key = likeness(review);
    const fold = folds.get(key);
    if (fold === undefined) folds.set(key, { names: [name], review });
    else fold.names.push(name);
  }
  return [...folds.values()];
}

/** A push of this gateway can only be refused. */
export function hasErrors(review: GatewayReview): boolean {
  return review.findings.some((finding) => finding.severity === 'error');
}

/** Names above six are told by their count. */
const namesShown = 6;

/** Names as a line holds them. */
export function namesInWords(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
}

/** The words of the save's commit: one line a change. */
export function describeSave(review: GatewayReview | null): string {
  if (review === null || review.difference.length === 0) return 'Save settings';
  return review.difference
    .map((change) => `${change.label}: ${change.before} → ${change.after}`)
    .join('\n')
    .slice(0, 20_000);
}
