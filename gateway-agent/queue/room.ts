// Is there room for one more message? Asked at MAIL, answered from a look at the file system at most a second old.
import { statfsSync } from 'node:fs';

/** One for a segment, one for a large body, the rest for what else lives there. */
const minFreeInodes = 16;
const lookEveryMilliseconds = 1000;

/** The margin: refused at MAIL below 1.5 times the maximum message size. */
const margin = 1.5;

/** Remembers the last look. */
export class Room {
  readonly #folder: string;
  #lookedAt = -Infinity;
  #freeBytes = 0;
  #freeInodes = Infinity;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** False also when the file system cannot be asked. */
  hasRoomFor(maxMessageBytes: number): boolean {
    const now = performance.now();
    if (now - this.#lookedAt >= lookEveryMilliseconds) {
      this.#lookedAt = now;
      this.#look();
    }
    return this.#freeBytes >= margin * maxMessageBytes && this.#freeInodes >= minFreeInodes;
  }

  #look(): void {
    try {
      const { bavail, bsize, ffree, files } = statfsSync(this.#folder);
      this.#freeBytes = bavail * bsize;
      this.#freeInodes = files === 0 ? Infinity : ffree; // btrfs and others make inodes as needed and report none
    } catch {
      this.#freeBytes = 0;
    }
  }
}
