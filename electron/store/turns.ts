// Long work in one go holds up everything else in its process: between two of its items others get a turn.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Nobody waits longer; a turn itself costs some microseconds. */
const turnMilliseconds = 8;

/** Await `next` between two items: it is over at once unless others have waited for long. */
export type Turns = { next(): Promise<void> | void };

/** Counts from now. */
export function createTurns(): Turns {
  let last = performance.now();
  return {
    next() {
      if (performance.now() - last <= turnMilliseconds) return;
      return nextTurn().then(() => {
        last = performance.now();
      });
    },
  };
}
