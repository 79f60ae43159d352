// How each gateway was last seen, kept while the app runs, so that the table shows something before it asks again.
import type { GatewaySight } from '#contract/push';

export type Sights = {
  of(name: string): GatewaySight;
  /** Connections at the last looks, oldest first: the sparkline of the table. */
  trendOf(name: string): number[];
  remember(name: string, sight: GatewaySight): void;
  forget(name: string): void;
  forgetAll(): void;
};

/** Half an hour at a look every 30 s; the contract's limit as well. */
const maxTrend = 60;

const neverSeen: GatewaySight = { state: 'unknown', seenAt: null, status: null, problem: null };

/** A memory for one fleet folder. */
export function createSights(): Sights {
  const seen = new Map<string, { sight: GatewaySight; trend: number[] }>();
  return {
    of: (name) => seen.get(name)?.sight ?? neverSeen,
    trendOf: (name) => seen.get(name)?.trend ?? [],
    remember(name, sight) {
      const trend = seen.get(name)?.trend ?? [];
      const now = sight.status === null ? [] : [sight.status.connections.now];
      seen.set(name, { sight, trend: [...trend, ...now].slice(-maxTrend) });
    },
    forget: (name) => void seen.delete(name),
    forgetAll: () => seen.clear(),
  };
}
