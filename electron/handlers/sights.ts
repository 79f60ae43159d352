// How each gateway was last seen, kept while the app runs, so that the table shows something before it asks again.
import type { GatewaySight } from '#contract/push';

export type Sights = {
  of(name: string): GatewaySight;
  remember(name: string, sight: GatewaySight): void;
  forget(name: string): void;
  forgetAll(): void;
};

const neverSeen: GatewaySight = { state: 'unknown', seenAt: null, status: null, problem: null };

/** A memory for one fleet folder. */
export function createSights(): Sights {
  const seen = new Map<string, GatewaySight>();
  return {
    of: (name) => seen.get(name) ?? neverSeen,
    remember: (name, sight) => void seen.set(name, sight),
    forget: (name) => void seen.delete(name),
    forgetAll: () => seen.clear(),
  };
}
