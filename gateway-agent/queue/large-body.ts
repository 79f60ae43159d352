// Bodies too large for memory: files of their own, written while they arrive and read as a stream.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { done } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';
import { close, createSynced, removeSynced, storageFailure, syncData, unlink, writeAll } from './disk.ts';

/** The sender is slowed down when this much is not written yet; smtp-server reads up to 64 KiB at a time. */
const backlogBytes = 512 * 1024;

/** One body on its way to its file. Errors are kept and answered by `finish`. */
export class LargeBodyWriter {
  readonly #path: string;
  readonly #descriptor: Promise<number>;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #crc = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(folder: string, id: string) {
    this.#path = join(folder, id);
    this.#descriptor = createSynced(folder, this.#path);
    this.#descriptor.catch((error: unknown) => (this.#error = error));
  }

  /** Returns a promise when the caller must wait before it sends more. */
  write(chunk: Buffer): void | Promise<void> {
    if (this.#error) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#writing ??= this.#run();
    if (this.#waitingBytes > backlogBytes) return this.#writing;
  }

  /** Returns when the whole body is on the disk; a failed one leaves no file behind. */
  async finish(): Promise<Outcome<{ crc: number }>> {
    try {
      const descriptor = await this.#descriptor;
      while (this.#writing) await this.#writing;
      if (this.#error) throw this.#error;
      await syncData(descriptor);
      await close(descriptor);
      return done({ crc: this.#crc });
    } catch (error) {
      await this.discard();
      return storageFailure(error);
    }
  }

  /** Removes the file; never throws, because start-up removes what is left over. */
  async discard(): Promise<void> {
    this.#error ??= new Error('discarded');
    try {
      while (this.#writing) await this.#writing;
      await close(await this.#descriptor);
    } catch {
      // Never opened, or closed already.
    }
    await unlink(this.#path).catch(() => undefined);
  }

  async #run(): Promise<void> {
    try {
      const descriptor = await this.#descriptor;
      while (this.#waiting.length > 0 && !this.#error) {
        const chunks = this.#waiting;
        this.#waiting = [];
        for (const chunk of chunks) this.#crc = crc32(chunk, this.#crc);
        await writeAll(descriptor, chunks, this.#bytes);
        const written = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        this.#bytes += written;
        this.#waitingBytes -= written;
      }
    } catch (error) {
      this.#error ??= error;
      this.#waiting = [];
    }
    this.#writing = null;
  }
}

/** What a large body must be. */
export type LargeBody = { id: string; bytes: number; crc: number };

/** Streams a body; a damaged one ends in an error before its end, so that the final dot is never sent. */
export function readLargeBody(folder: string, body: LargeBody, onDamage: () => void): Readable {
  return Readable.from(checked(folder, body, onDamage), { objectMode: false, highWaterMark: 128 * 1024 });
}

async function* checked(folder: string, body: LargeBody, onDamage: () => void): AsyncGenerator<Buffer> {
  let crc = 0;
  let bytes = 0;
  let held: Buffer | null = null; // the last chunk is handed out only when the sum is right
  for await (const chunk of createReadStream(join(folder, body.id), { highWaterMark: 128 * 1024 })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a file without encoding is read as buffers');
    crc = crc32(chunk, crc);
    bytes += chunk.length;
    if (held) yield held;
    held = chunk;
  }
  if (crc !== body.crc || bytes !== body.bytes) {
    onDamage();
    throw new Error(`message ${body.id} is damaged`);
  }
  if (held) yield held;
}

/** Removes the file of a finished message. */
export function removeLargeBody(folder: string, id: string): Promise<void> {
  return removeSynced(folder, join(folder, id));
}
