// A file that takes up space until the disk is full: given up then, so that results of deliveries can still be written
// and are not repeated after a restart. Nothing is accepted until the space is taken up again.
import { existsSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Room for about 10,000 marks of 100 bytes. */
const reserveBytes = 1024 * 1024;

/** The reserve of one queue folder. */
export class Reserve {
  readonly #path: string;
  #isThere: boolean;

  constructor(folder: string) {
    this.#path = join(folder, 'reserve');
    this.#isThere = existsSync(this.#path);
    if (this.#isThere) return;
    try {
      writeFileSync(this.#path, Buffer.alloc(reserveBytes), { mode: 0o600 });
      this.#isThere = true;
    } catch {
      void this.giveUp(); // full already: half a reserve is none
    }
  }

  /** Never throws: what cannot be removed gives no space, and the next write shows it. */
  async giveUp(): Promise<void> {
    this.#isThere = false;
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  /** True when the space is taken, now or already. */
  async take(): Promise<boolean> {
    if (this.#isThere) return true;
    try {
      await writeFile(this.#path, Buffer.alloc(reserveBytes), { mode: 0o600 });
      this.#isThere = true;
    } catch {
      await this.giveUp();
    }
    return this.#isThere;
  }
}
