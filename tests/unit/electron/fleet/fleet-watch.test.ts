import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextLookAfter, watchFleet, type FleetWatch } from '../../../../electron/fleet/fleet-watch.ts';
import type { ErrorCode } from '../../../../gateway-agent/contract/outcome.ts';
import type { GatewaySight } from '../../../../gateway-agent/contract/push.ts';

const seen = (code: ErrorCode | null): GatewaySight => ({
  state: code === null ? 'in-sync' : 'unreachable',
  seenAt: '2026-11-24T08:00:00.000Z',
  status: null,
  problem: code === null ? null : { code, message: 'No.' },
});

let watch: FleetWatch | undefined;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  watch?.stop();
  vi.useRealTimers();
});

describe('nextLookAfter', () => {
  it('doubles the time for a gateway that does not answer, up to ten minutes', () => {
    const waits = [1, 2, 3, 10].map((failures) => nextLookAfter(seen('unreachable'), failures, 30_000));

    expect(waits).toEqual([60_000, 120_000, 240_000, 600_000]);
  });

  it('leaves a refused sign-in alone for an hour', () => {
    expect(nextLookAfter(seen('sign-in-failed'), 1, 30_000)).toBe(3_600_000);
    expect(nextLookAfter(seen('host-key-changed'), 1, 30_000)).toBe(3_600_000);
  });

  it('keeps its pace for one that answers', () => {
    expect(nextLookAfter(seen(null), 0, 30_000)).toBe(30_000);
  });
});

describe('watchFleet', () => {
  it('looks at each gateway every 30 seconds and tells looks that end together in one go', async () => {
    const looks: string[] = [];
    const told: string[][] = [];
    watch = watchFleet({
      names: async () => ['mx1', 'mx2', 'mx3'],
      look: async (name) => (looks.push(name), seen(null)),
      tell: (sights) => told.push(Object.keys(sights)),
    });

    await vi.advanceTimersByTimeAsync(1000);
    expect(looks).toEqual(['mx1', 'mx2', 'mx3']);
    expect(told).toEqual([['mx1', 'mx2', 'mx3']]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks).toHaveLength(6);
  });

  it('has at most 16 looks under way, and reaches all of 1,000', async () => {
    const names = Array.from({ length: 1000 }, (_, at) => `mx${at}`);
    const looked = new Set<string>();
    let [underWay, most] = [0, 0];
    watch = watchFleet({
      names: async () => names,
      async look(name) {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 100));
        underWay -= 1;
        looked.add(name);
        return seen(null);
      },
      tell: () => undefined,
    });

    await vi.advanceTimersByTimeAsync(10_000);

    expect(most).toBe(16);
    expect(looked.size).toBe(1000);
  });

  it('looks at once at what was touched, also at one whose sign-in was refused', async () => {
    const looks: string[] = [];
    watch = watchFleet({
      names: async () => ['mx1'],
      look: async (name) => (looks.push(name), seen('sign-in-failed')),
      tell: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(looks).toHaveLength(1);

    watch.touch('mx1');
    await vi.advanceTimersByTimeAsync(100);

    expect(looks).toHaveLength(2);
  });

  it('looks again at one that was touched while it was looked at', async () => {
    let looks = 0;
    watch = watchFleet({
      names: async () => ['mx1'],
      async look() {
        looks += 1;
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return seen(null);
      },
      tell: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(500);

    watch.touch('mx1');
    await vi.advanceTimersByTimeAsync(1000);

    expect(looks).toBe(2);
  });

  it('reads the folder for a gateway that it does not know, and not for one that it knows', async () => {
    const names = ['mx1'];
    let reads = 0;
    watch = watchFleet({
      names: async () => (reads++, [...names]),
      look: async () => seen(null),
      tell: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(1000);

    for (let push = 0; push < 200; push++) watch.touch('mx1');
    await vi.advanceTimersByTimeAsync(100);
    expect(reads).toBe(1);
    watch.touch('mx2');
    await vi.advanceTimersByTimeAsync(100);

    expect(reads).toBe(2);
  });

  it('finds gateways that were added, and forgets those that are gone', async () => {
    let names = ['mx1'];
    const looks: string[] = [];
    watch = watchFleet({
      names: async () => names,
      look: async (name) => (looks.push(name), seen(null)),
      tell: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(1000);
    names = ['mx2'];

    watch.touch(null);
    await vi.advanceTimersByTimeAsync(1000);

    expect(looks).toEqual(['mx1', 'mx2']);
  });

  it('goes on after a look that throws, and stops when told', async () => {
    let looks = 0;
    watch = watchFleet({
      names: async () => ['mx1'],
      look: () => (looks++, Promise.reject(new Error('a bug'))),
      tell: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(35_000);
    expect(looks).toBe(2);

    watch.stop();
    await vi.advanceTimersByTimeAsync(100_000);

    expect(looks).toBe(2);
  });
});
