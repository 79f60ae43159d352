// One message while it arrives: in memory as long as it is small, else straight into a file of its own.
import { failed } from '#contract/outcome';
import type { Outcome } from '#contract/outcome';
import type { BodyMemory } from './body-memory.ts';
import { LargeBodyWriter } from './large-body.ts';
import type { SmallBody } from './record-format.ts';
import type { Envelope, MessageMeta } from './stored-message.ts';

/** Above this a body is a file: one more sync costs little then, and memory holds 256 of them at the least. */
const largeBytes = 256 * 1024;

/** Stores what has arrived; resolves when it is durable. `body` is null for one that is a file. */
type Store = (meta: MessageMeta, body: SmallBody | null) => Promise<Outcome<{ id: string }>>;

/** What a message needs from the queue. */
export type IncomingParts = { largeFolder: string; memory: BodyMemory; store: Store };

/** Ends with `commit` or `discard`; after either, the other calls do nothing. */
export class Incoming {
  readonly id: string;
  readonly #meta: Omit<MessageMeta, 'bytes'>;
  readonly #parts: IncomingParts;
  #chunks: Buffer[] = [];
  #reserved = 0;
  #bytes = 0;
  #file: LargeBodyWriter | null = null;
  #isOver = false;

  constructor(named: { id: string; receivedAt: number; envelope: Envelope }, parts: IncomingParts) {
    this.id = named.id;
    this.#meta = named;
    this.#parts = parts;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the chunk over: the caller changes it no more. A returned promise asks to wait before the next one. */
  write(chunk: Buffer): void | Promise<void> {
    if (this.#isOver || chunk.length === 0) return;
    this.#bytes += chunk.length;
    if (this.#file) return this.#file.write(chunk);
    if (this.#bytes <= largeBytes && this.#parts.memory.reserve(chunk.length)) {
      this.#reserved += chunk.length;
      this.#chunks.push(chunk);
      return;
    }
    return this.#moveToFile(chunk);
  }

  /** Resolves after the sync: from then on the message outlives a crash. A failure leaves nothing behind. */
  async commit(): Promise<Outcome<{ id: string }>> {
    if (this.#isOver) return failed('internal', 'This message was committed or discarded before.');
    this.#isOver = true;
    const meta = { ...this.#meta, bytes: this.#bytes };
    if (this.#file) return this.#commitFile(this.#file, meta);
    const body = withoutWaste(this.#chunks, this.#bytes);
    this.#chunks = [];
    const stored = await this.#parts.store(meta, body);
    this.#parts.memory.free(this.#reserved);
    return stored;
  }

  /** The client went away or was refused. */
  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#chunks = [];
    this.#parts.memory.free(this.#reserved);
    if (this.#file) void this.#file.discard();
  }

  async #commitFile(file: LargeBodyWriter, meta: MessageMeta): Promise<Outcome<{ id: string }>> {
    const finished = await file.finish();
    if (!finished.ok) return finished;
    const stored = await this.#parts.store({ ...meta, largeCrc: finished.value.crc }, null);
    if (!stored.ok) await file.discard();
    return stored;
  }

  #moveToFile(chunk: Buffer): void | Promise<void> {
    const file = new LargeBodyWriter(this.#parts.largeFolder, this.id);
    this.#file = file;
    for (const earlier of this.#chunks) void file.write(earlier);
    this.#chunks = [];
    this.#parts.memory.free(this.#reserved);
    this.#reserved = 0;
    return file.write(chunk);
  }
}

/** A chunk may be a slice that keeps a whole socket buffer alive; then one exact copy is cheaper than the waste. */
function withoutWaste(chunks: Buffer[], bytes: number): SmallBody {
  const alive = new Set(chunks.map((chunk) => chunk.buffer));
  let aliveBytes = 0;
  for (const { byteLength } of alive) aliveBytes += byteLength;
  return aliveBytes > bytes * 1.25 ? [Buffer.concat(chunks, bytes)] : chunks;
}
