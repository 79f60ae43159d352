// Asks for the review of every target, a few at a time, and keeps what came.
import { useCallback, useEffect, useState } from 'react';
import { callGateway } from '../../api/gateway-bridge.ts';
import type { ReviewRequest, ReviewTarget, UnsavedDraft } from '../../components/open-review.ts';
import type { ReviewEntry } from '../../components/fold-reviews.ts';

/** Reviews under way at once; each may open an SSH connection. */
const reviewsAtOnce = 8;

async function loadReview({ name }: ReviewTarget, unsaved: UnsavedDraft | undefined): Promise<ReviewEntry> {
  const as = unsaved === undefined ? {} : { unsaved: { scope: unsaved.scope, draft: unsaved.draft } };
  const outcome = await callGateway('settings:review', { gateway: name, ...as });
  if (!outcome.ok) return { name, review: null, problem: outcome.problem };
  return { name, review: outcome.value, problem: null };
}

export type Reviews = { entries: ReviewEntry[]; isLoading: boolean; again: () => void };

/** One entry a target, in order; `again` asks once more for all. */
export function useReviews({ targets, unsaved }: ReviewRequest): Reviews {
  const [entries, setEntries] = useState<ReviewEntry[]>(() => emptyEntries(targets));
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const waiting = [...targets];
    const worker = async (): Promise<void> => {
      for (let target = waiting.shift(); target !== undefined && isCurrent; target = waiting.shift()) {
        const entry = await loadReview(target, unsaved);
        if (isCurrent) setEntries((all) => all.map((old) => (old.name === entry.name ? entry : old)));
      }
    };
    void Promise.all(Array.from({ length: Math.min(reviewsAtOnce, targets.length) }, worker));
    return () => {
      isCurrent = false;
    };
  }, [targets, unsaved, round]);
  const again = useCallback(() => {
    setEntries(emptyEntries(targets));
    setRound((count) => count + 1);
  }, [targets]);
  return { entries, isLoading: entries.some((entry) => entry.review === null && entry.problem === null), again };
}

function emptyEntries(targets: ReviewTarget[]): ReviewEntry[] {
  return targets.map(({ name }) => ({ name, review: null, problem: null }));
}
