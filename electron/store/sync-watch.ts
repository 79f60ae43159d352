// How far a sync is and whether it may go on: told, and asked, between two items of every long step.
import { createTurns } from './turns.ts';

/** `canStop`: false from the first file that is put in place until the last one is. */
export type SyncWatch = { signal: AbortSignal; onWords: (words: string, canStop?: boolean) => void };

/** Awaited before each item. Once the sync is stopped it throws the signal's reason, which ends the sync from any depth. */
export type Step = () => Promise<void>;

/** A small fleet is through before anybody could read; of a large one a person sees the number move. */
const tellMilliseconds = 250;

/** Counts items: 'Writing: 413 of 1,000'. Without words it counts for nobody, and only stops. */
export function createStep(watch: SyncWatch, counted?: { words: string; total: number }): Step {
  const turns = createTurns();
  const tell = counted === undefined ? null : createCount(watch, counted.words);
  let done = 0;
  return async () => {
    await turns.next();
    watch.signal.throwIfAborted();
    tell?.(done++, counted?.total ?? 0);
  };
}

/** Tells what somebody else counts: 'Fetching from git.example.net: 413 of 1,000', a few times a second at most. */
export function createCount({ onWords }: SyncWatch, words: string): (done: number, total: number) => void {
  let toldAt = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - toldAt < tellMilliseconds) return;
    toldAt = now;
    onWords(`${words}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
  };
}

/** The value of the work; null where it was stopped. */
export async function unlessStopped<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return null;
    throw error;
  }
}

/** Waits for work that hears of no stop: once stopped it throws the signal's reason, and the work ends unheard. */
export function orStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
}
