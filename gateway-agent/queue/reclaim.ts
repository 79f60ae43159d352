// Gives the log's space back, oldest segment first: a mark always stands behind its message, so nothing that was
// finished can come back. Live messages of the oldest segment are copied forward when garbage outweighs what lives.
import { removeSynced } from './disk.ts';
import type { Segment } from './segment-files.ts';

/** The log may hold this much beside twice what lives: four segments. */
const slackBytes = 128 * 1024 * 1024;

/** After messages could not be copied: a disk that is full or cannot be read is not asked again with every batch. */
const retryMilliseconds = 10_000;

/** What reclaiming needs from the queue. */
export type ReclaimParts = {
  folder: string;
  /** All segments, oldest first; reclaimed ones are taken out. */
  segments: Segment[];
  active: () => Segment | null;
  /** Bytes of the records that are still needed. */
  liveBytes: () => number;
  /** Writes the live messages of a segment again; those for which that failed stay live in it. */
  copyForward: (segment: Segment) => Promise<void>;
  slackBytes?: number;
};

/** Runs beside acceptance, one pass at a time. */
export class Reclaimer {
  readonly #parts: ReclaimParts;
  #pass: Promise<void> | null = null;
  #copiesFrom = 0;

  constructor(parts: ReclaimParts) {
    this.#parts = parts;
  }

  /** Cheap when there is nothing to do: called after every batch. */
  start(): void {
    if (this.#pass || !this.#isWorthIt()) return;
    this.#pass = this.#run().finally(() => (this.#pass = null));
  }

  /** Returns when the running pass is over. */
  async settle(): Promise<void> {
    await this.#pass;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isWorthIt()) {
        const oldest = this.#parts.segments[0];
        if (!oldest) return;
        if (oldest.live > 0) await this.#parts.copyForward(oldest);
        if (oldest.live > 0) {
          this.#copiesFrom = performance.now() + retryMilliseconds;
          return;
        }
        await removeSynced(this.#parts.folder, oldest.path); // before the next: a power cut must not undo only this one
        this.#parts.segments.shift();
      }
    } catch {
      // The file stays and is tried again after the next batch.
    }
  }

  #isWorthIt(): boolean {
    const { segments, active, liveBytes } = this.#parts;
    const oldest = segments[0];
    if (!oldest || oldest === active()) return false;
    if (oldest.live === 0) return true;
    if (performance.now() < this.#copiesFrom) return false;
    const total = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    return total > 2 * liveBytes() + (this.#parts.slackBytes ?? slackBytes);
  }
}
