// Reviews of up to thousands of gateways: a few asked at a time, drawn a few times a second.
import { useCallback, useEffect, useState } from 'react';
import { callGateway } from '../../api/gateway-bridge.ts';
import type { ReviewEntry } from '../../components/fold-reviews.ts';

/** Reviews under way at once; each may open an SSH connection. */
const reviewsAtOnce = 16;
/** Answers that come together are drawn together. */
const gatherMilliseconds = 250;

type Reviews = { entries: readonly ReviewEntry[]; asked: number; isLoading: boolean; again: () => void };

async function loadReview(name: string): Promise<ReviewEntry> {
  const outcome = await callGateway('settings:review', { gateway: name });
  return outcome.ok ? { name, review: outcome.value, problem: null } : { name, review: null, problem: outcome.problem };
}

/** What came so far, in the order it came; stops asking when the screen is left. */
export function useManyReviews(names: readonly string[]): Reviews {
  const [entries, setEntries] = useState<readonly ReviewEntry[]>([]);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const waiting = [...names];
    let came: ReviewEntry[] = [];
    const gather = (): void => {
      const fresh = came;
      came = [];
      if (fresh.length > 0) setEntries((old) => [...old, ...fresh]);
    };
    const worker = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined && isCurrent; name = waiting.shift()) {
        const entry = await loadReview(name);
        came.push(entry);
      }
    };
    const timer = setInterval(gather, gatherMilliseconds);
    void Promise.all(Array.from({ length: Math.min(reviewsAtOnce, names.length) }, worker)).then(() => {
      clearInterval(timer);
      if (isCurrent) gather();
    });
    return () => {
      isCurrent = false;
      clearInterval(timer);
      setEntries([]);
    };
  }, [names, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  return { entries, asked: entries.length, isLoading: entries.length < names.length, again };
}
