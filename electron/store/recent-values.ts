// What was worked out of a text last, so that the same text costs nothing the next time. Bounded by size, not by
// number: a fleet has a thousand small files, or one list of a million lines.

export type RecentValues<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T, size: number): void;
  /** For what will not be asked for again. */
  drop(key: string): void;
};

/** Forgets the least recently used first. A value larger than all the room is not kept. */
export function createRecentValues<T>(room: number): RecentValues<T> {
  const kept = new Map<string, { value: T; size: number }>();
  let used = 0;

  function drop(key: string): void {
    used -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }

  return {
    drop,
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found); // a Map keeps the order of insertion: this one is the newest now
      return found.value;
    },
    set(key, value, size) {
      drop(key);
      kept.set(key, { value, size });
      used += size;
      for (const oldest of kept.keys()) {
        if (used <= room) break;
        drop(oldest);
      }
    },
  };
}
