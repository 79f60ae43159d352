// Looks at every gateway again and again, so that the fleet table is true without being asked: a few at a time, over
// kept connections, rarer where nobody answers, and hardly ever where a sign-in was refused.
import type { GatewaySight } from '#contract/push';

/** Postern's own numbers. A thousand gateways at 30 s are 33 looks a second. */
const everyMilliseconds = 30_000;
const atOnce = 16;
/** Looks that end together are told together: a table of 1,000 rows is drawn anew a few times a second at most. */
const tellEveryMilliseconds = 300;
/** Twice the time after each failure, up to here. */
const rarestMilliseconds = 10 * 60_000;
/** A refused sign-in that is repeated locks accounts and fills logs: only the operator changes anything about it. */
const refusedMilliseconds = 60 * 60_000;
const refusals = new Set([
  'sign-in-failed',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'secret-needed',
  'vault-locked',
]);

export type FleetWatchParts = {
  names(): Promise<string[]>;
  look(name: string): Promise<GatewaySight | null>;
  tell(sights: Record<string, GatewaySight>): void;
  /** For tests. */
  everyMilliseconds?: number;
};

export type FleetWatch = {
  /** The next look comes at once: after a push, a changed record, a changed secret. null: all of them. */
  touch(name: string | null): void;
  stop(): void;
};

type Gateway = { dueAt: number; failures: number; isLooking: boolean; isTouched: boolean };

const newGateway = (): Gateway => ({ dueAt: 0, failures: 0, isLooking: false, isTouched: false });

/** How long to wait after a look: null is a look that could not be made. */
export function nextLookAfter(sight: GatewaySight | null, failures: number, every: number): number {
  const code = sight?.state === 'unreachable' ? (sight.problem?.code ?? 'unreachable') : null;
  if (code === null) return every;
  if (refusals.has(code)) return Math.max(every, refusedMilliseconds);
  return Math.min(Math.max(every, rarestMilliseconds), every * 2 ** failures);
}

/** Starts with a look at all; spreads itself out, since each is looked at again so long after its own last look. */
export function watchFleet(parts: FleetWatchParts): FleetWatch {
  const watch = new Watch(parts);
  return { touch: (name) => watch.touch(name), stop: () => watch.stop() };
}

class Watch {
  readonly #parts: FleetWatchParts;
  readonly #every: number;
  readonly #watched = new Map<string, Gateway>();
  readonly #stock: NodeJS.Timeout;
  #looking = 0;
  #isStopped = false;
  #untold: Record<string, GatewaySight> = {};
  #telling: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: FleetWatchParts) {
    this.#parts = parts;
    this.#every = parts.everyMilliseconds ?? everyMilliseconds;
    this.#stock = setInterval(() => void this.#takeStock(), this.#every);
    void this.#takeStock();
  }

  /** Reading the whole folder for one gateway that is known already would be a thousand files after each push. */
  touch(name: string | null): void {
    const isKnown = name !== null && this.#watched.has(name);
    for (const [each, gateway] of this.#watched) {
      if (name !== null && name !== each) continue;
      gateway.dueAt = 0;
      gateway.failures = 0;
      gateway.isTouched = true;
    }
    if (isKnown) this.#run();
    else void this.#takeStock();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#telling);
    clearInterval(this.#stock);
  }

  async #takeStock(): Promise<void> {
    const names = await this.#parts.names().catch(() => [...this.#watched.keys()]);
    const known = new Set(names);
    for (const name of this.#watched.keys()) if (!known.has(name)) this.#watched.delete(name);
    for (const name of names) if (!this.#watched.has(name)) this.#watched.set(name, newGateway());
    this.#run();
  }

  #run(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const now = performance.now();
    let next = now + this.#every;
    for (const [name, gateway] of this.#watched) {
      if (gateway.isLooking) continue;
      if (gateway.dueAt <= now && this.#looking < atOnce) {
        gateway.isTouched = false;
        void this.#look(name, gateway);
      } else next = Math.min(next, gateway.dueAt);
    }
    // With all hands busy the end of a look goes on.
    if (this.#looking < atOnce) this.#timer = setTimeout(() => this.#run(), Math.max(20, next - performance.now()));
  }

  async #look(name: string, gateway: Gateway): Promise<void> {
    this.#looking += 1;
    gateway.isLooking = true;
    const sight = await this.#parts.look(name).catch(() => null);
    this.#looking -= 1;
    gateway.isLooking = false;
    gateway.failures = sight?.state === 'unreachable' ? gateway.failures + 1 : 0;
    const wait = gateway.isTouched ? 0 : nextLookAfter(sight, gateway.failures, this.#every);
    gateway.dueAt = performance.now() + wait;
    if (sight !== null && this.#watched.has(name)) this.#tell(name, sight);
    this.#run();
  }

  #tell(name: string, sight: GatewaySight): void {
    this.#untold[name] = sight;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const sights = this.#untold;
      this.#untold = {};
      if (!this.#isStopped) this.#parts.tell(sights);
    }, tellEveryMilliseconds);
  }
}
