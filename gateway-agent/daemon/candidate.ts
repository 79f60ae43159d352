// The candidate that waits for its confirmation, and the clock that sends it back. The clock is monotonic: setting the
// time of the host neither shortens nor lengthens it.
import type { Revision } from '#contract/files';
import type { PendingCandidate } from '#contract/replies';

/** Whose candidate it is. */
export type CandidateFacts = { pushId: string; revision: Revision; author: string };

/** One candidate being served. */
export class Candidate {
  readonly facts: CandidateFacts;
  readonly at = new Date().toISOString();
  #endsAt: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #onEnd: () => void;

  constructor(facts: CandidateFacts, seconds: number, onEnd: () => void) {
    this.facts = facts;
    this.#onEnd = onEnd;
    this.#endsAt = performance.now() + seconds * 1000;
    this.#timer = setTimeout(onEnd, seconds * 1000);
  }

  /** The confirmation is being written: nothing may go back meanwhile, but not for ever. */
  hold(atMostSeconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onEnd, atMostSeconds * 1000);
  }

  /** No further call of `onEnd`. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** For status; the time a hold takes is not shown. */
  get pending(): PendingCandidate {
    const secondsLeft = Math.max(0, Math.round((this.#endsAt - performance.now()) / 100) / 10);
    return { ...this.facts, at: this.at, secondsLeft };
  }
}
