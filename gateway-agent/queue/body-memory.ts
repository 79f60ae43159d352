// Small bodies in memory until they are relayed, so that a healthy next hop costs no read-back. Bounded in all.
import { bytesOf } from './record-format.ts';
import type { SmallBody } from './record-format.ts';

/** The bound for all bodies in memory, those still arriving included. */
export const memoryLimitBytes = 64 * 1024 * 1024;

/** Keeps the newest bodies: under a backlog the oldest ones wait for a next hop that is down. */
export class BodyMemory {
  readonly #limit: number;
  readonly #bodies = new Map<string, SmallBody>();
  #keptBytes = 0;
  #arrivingBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#keptBytes + this.#arrivingBytes;
  }

  /** Counts bytes of a message that is still arriving; false when they must go to a file instead. */
  reserve(bytes: number): boolean {
    if (this.#arrivingBytes + bytes > this.#limit) return false;
    this.#arrivingBytes += bytes;
    this.#shrink();
    return true;
  }

  /** Gives reserved bytes back. */
  free(bytes: number): void {
    this.#arrivingBytes -= bytes;
  }

  keep(id: string, body: SmallBody): void {
    this.#bodies.set(id, body);
    this.#keptBytes += bytesOf(body);
    this.#shrink();
  }

  get(id: string): SmallBody | undefined {
    return this.#bodies.get(id);
  }

  drop(id: string): void {
    const body = this.#bodies.get(id);
    if (!body) return;
    this.#bodies.delete(id);
    this.#keptBytes -= bytesOf(body);
  }

  #shrink(): void {
    for (const [id] of this.#bodies) {
      if (this.bytes <= this.#limit) return;
      this.drop(id);
    }
  }
}
