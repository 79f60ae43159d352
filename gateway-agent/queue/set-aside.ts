// Damaged parts of the log: copied to queue/damaged/ for a person to look at, counted, and in nobody's way.
import { closeSync, lstatSync, openSync, readSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A copy is cut here; a damaged region can be a whole segment. */
const maxCopyBytes = 32 * 1024 * 1024;
/** All copies together; beyond it damage is counted and no longer copied, so that it cannot fill the disk. */
const maxFolderBytes = 256 * 1024 * 1024;

/** A part of a file that is not what was written. */
export type DamagedPart = { path: string; offset: number; end: number; name: string };

/** The folder of damaged parts. The same part found at every start is one part: its name says where it was. */
export class DamagedParts {
  readonly #folder: string;
  readonly #names: Set<string>;
  #bytes: number;

  constructor(folder: string) {
    this.#folder = folder;
    const names = readdirSync(folder);
    this.#names = new Set(names.filter((name) => name.endsWith('.damaged')));
    this.#bytes = names.reduce((sum, name) => sum + lstatSync(join(folder, name)).size, 0); // no link may stop a start
  }

  /** How many are known. Ends of files that a crash cut were never acknowledged and do not count. */
  get count(): number {
    return this.#names.size;
  }

  /** Never throws: a copy that cannot be made must not stop what is whole. */
  setAside(part: DamagedPart, kind: 'damaged' | 'cut'): void {
    const name = `${part.name}.${kind}`;
    if (this.#names.has(name)) return;
    if (kind === 'damaged') this.#names.add(name);
    const length = Math.min(part.end - part.offset, maxCopyBytes);
    if (length <= 0 || this.#bytes + length > maxFolderBytes) return;
    try {
      writeFileSync(join(this.#folder, name), readPart(part, length), { mode: 0o600, flag: 'wx' });
      this.#bytes += length;
    } catch {
      // Counted all the same; a full or failing disk has its own alarm.
    }
  }

  /** Moves a large body here. Never throws, for the same reason. */
  moveHere(folder: string, id: string): void {
    try {
      renameSync(join(folder, id), join(this.#folder, `${id}.body`));
    } catch {
      // Missing, which is the damage.
    }
  }
}

function readPart({ path, offset }: DamagedPart, length: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
  } finally {
    closeSync(descriptor);
  }
}
