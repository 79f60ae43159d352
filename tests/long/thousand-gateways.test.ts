// A thousand gateways in one run: a rollout over all of them, a refresh of all of them, and no growth of memory.
import { createEngine, type Engine } from '../../electron/fleet/engine.ts';
import { releasesOf } from '../../electron/fleet/ready-release.ts';
import { openRollouts } from '../../electron/fleet/rollout/rollouts.ts';
import { summariseRollout } from '../../electron/fleet/rollout/summarise-rollout.ts';
import { runMany } from '../../electron/fleet/run-many.ts';
import { openFleetFolder } from '../../electron/store/fleet-folder.ts';
import { openVault } from '../../electron/store/vault.ts';
import { RolloutOptions } from '../../gateway-agent/contract/rollout.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryKeychain } from '../support/memory-keychain.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../support/simulated-fleet.ts';
import { valueOf } from '../support/temporary-fleet.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * What is alive, in MiB: the heap, and buffers beside it. One collection leaves what finalizers and closing sockets
 * still hold, and may come in the middle of something: the lowest of several looks counts.
 */
async function aliveMiB(): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 6; look += 1) {
    await sleep(250);
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    looks.push((heapUsed + external) / 1024 / 1024);
  }
  return Math.min(...looks);
}

/** MiB that each round adds: the slope of the straight line that fits best. */
function growthOf(alive: readonly number[]): number {
  const middle = (alive.length - 1) / 2;
  const mean = alive.reduce((sum, each) => sum + each, 0) / alive.length;
  const squares = alive.reduce((sum, _, round) => sum + (round - middle) ** 2, 0);
  return alive.reduce((sum, each, round) => sum + (round - middle) * (each - mean), 0) / squares;
}

/** 1,000 gateways that each leave 1 KiB behind come to 1 MiB a round. */
const maxGrowthMiB = 1;

let base: string;
let fleet: SimulatedFleet;
let engine: Engine;
let maxConnections = 100;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'postern-thousand-'));
  fleet = await startSimulatedFleet(base, 1000);
  const folder = valueOf(await openFleetFolder(fleet.path, { name: 'Anna', email: 'anna@example.test' }));
  const vault = openVault({
    folder: join(base, 'vault'),
    service: 'test',
    fleetFolder: fleet.path,
    keychain: memoryKeychain(),
  });
  engine = createEngine({ folder, vault, releases: releasesOf(folder, vault), author: 'Anna' });
}, 60_000);
afterAll(async () => {
  engine.close();
  await fleet.stop();
  await rm(base, { recursive: true, force: true });
});

async function rollOut() {
  maxConnections += 1;
  await fleet.change(maxConnections);
  const rollouts = openRollouts({ folder: join(base, 'rollouts'), fleetFolder: fleet.path, author: 'Anna', engine });
  const started = performance.now();
  const options = RolloutOptions.parse({ names: fleet.names, canary: 5, batch: 100, maxFailures: 1 });
  const { id } = valueOf(await rollouts.start(options));
  const rollout = valueOf(await rollouts.wait(id));
  return { ...summariseRollout(rollout), seconds: (performance.now() - started) / 1000 };
}

async function refreshAll() {
  const started = performance.now();
  const sights = await runMany(fleet.names, 32, async (name) => valueOf(await engine.refresh(name)).state);
  return {
    inSync: sights.filter((state) => state === 'in-sync').length,
    seconds: (performance.now() - started) / 1000,
  };
}

describe('a thousand gateways', () => {
  it('are pushed and refreshed again and again without growth of memory', async () => {
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const pushed = await rollOut();
      const refreshed = await refreshAll();
      rounds.push({ pushed, refreshed, alive: await aliveMiB() });
      console.log(
        `round ${round + 1}: pushed in ${pushed.seconds.toFixed(1)} s, refreshed in ${refreshed.seconds.toFixed(1)} s, ` +
          `${rounds[round]?.alive.toFixed(1)} MiB alive`,
      );
    }

    for (const { pushed, refreshed } of rounds) {
      expect(pushed).toMatchObject({ state: 'finished', counts: { asAsked: 1000, failed: 0 } });
      expect(refreshed.inSync).toBe(1000);
    }
    // The first round makes what is kept: a connection, a parsed record and what is known of each agent.
    const growth = growthOf(rounds.slice(1).map(({ alive }) => alive));
    console.log(`${growth.toFixed(2)} MiB more with each round`);
    expect(growth).toBeLessThan(maxGrowthMiB);
  }, 900_000);
});
