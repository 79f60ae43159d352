import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { RolloutOptions } from '#contract/rollout';
import type { Rollouts } from '../../../../../electron/fleet/rollout/rollouts.ts';
import { applied, refused, scriptFleet, wentBack } from '../../../../support/scripted-fleet.ts';
import { temporaryFolder, valueOf } from '../../../../support/temporary-fleet.ts';

/** The disk of a busy machine takes its time; what is waited for comes, or never does. */
const patience = { timeout: 10_000, interval: 20 };

const names = ['mx1', 'mx2', 'mx3', 'mx4', 'mx5'];
const options = (over: Partial<RolloutOptions> = {}) => RolloutOptions.parse({ names, batch: 2, ...over });

async function run(rollouts: Rollouts, over: Partial<RolloutOptions> = {}) {
  const { id } = valueOf(await rollouts.start(options(over)));
  return valueOf(await rollouts.wait(id));
}

const statesOf = (rollout: { members: { gateway: string; state: string }[] }) =>
  rollout.members.map(({ gateway, state }) => `${gateway} ${state}`);

/** As the file of a program looks that was killed after it had begun `running`. */
async function interrupt(folder: string, ended: string[], running: string[]): Promise<string> {
  const fleet = scriptFleet(folder);
  fleet.hold(...names);
  const rollouts = fleet.open();
  const { id } = valueOf(await rollouts.start(options({ pausesAfterCanary: true })));
  await rollouts.cancel(id);
  fleet.release();
  await rollouts.wait(id);
  const file = join(folder, `${id}.jsonl`);
  const [header = ''] = (await readFile(file, 'utf8')).split('\n');
  const at = '2026-01-01T00:00:00Z';
  const lines = [...ended, ...running].map((gateway) => ({ event: 'started', gateway, pushId: `push-${gateway}`, at }));
  const ends = ended.map((gateway) => ({ event: 'ended', gateway, result: applied(`push-${gateway}`), at }));
  await writeFile(file, [header, ...[...lines, ...ends].map((line) => JSON.stringify(line)), ''].join('\n'));
  return id;
}

describe('a rollout', () => {
  it('pushes the canary first, then batches, and is finished', async () => {
    const fleet = scriptFleet(await temporaryFolder());

    const rollout = await run(fleet.open());

    expect(rollout).toMatchObject({ state: 'finished', by: 'Anna', endedAt: expect.any(String) });
    expect(rollout.members.map(({ wave }) => wave)).toEqual([0, 1, 1, 2, 2]);
    expect(fleet.pushed[0]).toBe('mx1');
    expect(rollout.members.every(({ state, result }) => state === 'ended' && result?.kind === 'applied')).toBe(true);
  });

  it('stops at a failed canary, whatever number of failures is allowed', async () => {
    const fleet = scriptFleet(await temporaryFolder(), { ends: { mx1: refused } });

    const rollout = await run(fleet.open(), { maxFailures: 5 });

    expect(rollout).toMatchObject({ state: 'stopped', because: expect.stringContaining('mx1') });
    expect(fleet.pushed).toEqual(['mx1']);
  });

  it('finishes what is under way when it stops at the second failure', async () => {
    const fleet = scriptFleet(await temporaryFolder(), { ends: { mx2: refused, mx3: refused } });

    const rollout = await run(fleet.open(), { canary: 1, batch: 3, maxFailures: 2 });

    expect(rollout).toMatchObject({ state: 'stopped', because: '2 gateways did not end as asked.' });
    expect(statesOf(rollout)).toEqual(['mx1 ended', 'mx2 ended', 'mx3 ended', 'mx4 ended', 'mx5 waiting']);
  });

  it('waits after the canaries, also in another program, and goes on when asked', async () => {
    const folder = await temporaryFolder();
    const fleet = scriptFleet(folder);
    const paused = await run(fleet.open(), { pausesAfterCanary: true });
    expect(paused).toMatchObject({ state: 'paused' });

    const other = fleet.open();
    valueOf(await other.resume(paused.id));

    expect(valueOf(await other.wait(paused.id)).state).toBe('finished');
    expect(fleet.pushed).toHaveLength(5);
  });

  it('pauses after those under way, and takes the pause back', async () => {
    const fleet = scriptFleet(await temporaryFolder());
    fleet.hold('mx1');
    const rollouts = fleet.open();
    const { id } = valueOf(await rollouts.start(options()));
    await vi.waitFor(() => expect(fleet.pushed).toEqual(['mx1']), patience);

    valueOf(await rollouts.pause(id));
    expect(valueOf(await rollouts.get(id)).state).toBe('paused');
    fleet.release();
    const paused = valueOf(await rollouts.wait(id));
    expect(statesOf(paused).slice(0, 2)).toEqual(['mx1 ended', 'mx2 waiting']);

    valueOf(await rollouts.resume(id));
    expect(valueOf(await rollouts.wait(id)).state).toBe('finished');
  });

  it('skips those that wait when it is cancelled, and tells how the one under way ended', async () => {
    const fleet = scriptFleet(await temporaryFolder());
    fleet.hold('mx1');
    const rollouts = fleet.open();
    const { id } = valueOf(await rollouts.start(options()));
    await vi.waitFor(() => expect(fleet.pushed).toEqual(['mx1']), patience);

    valueOf(await rollouts.cancel(id));
    fleet.release();

    const rollout = valueOf(await rollouts.wait(id));
    expect(rollout.state).toBe('cancelled');
    expect(statesOf(rollout).slice(0, 2)).toEqual(['mx1 ended', 'mx2 skipped']);
    expect(await rollouts.resume(id)).toMatchObject({ ok: false });
  });

  it('tries again only those that failed', async () => {
    const ends = { mx3: refused };
    const fleet = scriptFleet(await temporaryFolder(), { ends });
    const rollouts = fleet.open();
    const first = await run(rollouts, { maxFailures: 9 });
    fleet.pushed.length = 0;

    const { id } = valueOf(await rollouts.retry(first.id));
    await rollouts.wait(id);

    expect(fleet.pushed).toEqual(['mx3']);
    expect(valueOf(await rollouts.list()).map((each) => each.counts.failed)).toEqual([1, 1]);
  });
});

describe('a rollout whose program was killed', () => {
  it('is interrupted until somebody goes on with it', async () => {
    const folder = await temporaryFolder();
    const id = await interrupt(folder, ['mx1'], ['mx2', 'mx3']);

    expect(valueOf(await scriptFleet(folder).open().get(id))).toMatchObject({ state: 'interrupted' });
  });

  it('asks what became of the pushes under way, and pushes nobody twice without need', async () => {
    const folder = await temporaryFolder();
    const id = await interrupt(folder, ['mx1'], ['mx2', 'mx3', 'mx4']);
    const fleet = scriptFleet(folder, { settles: { mx2: applied('push-mx2'), mx3: wentBack, mx4: null } });
    const rollouts = fleet.open();

    valueOf(await rollouts.resume(id));
    const rollout = valueOf(await rollouts.wait(id));

    expect(rollout.state).toBe('finished');
    expect(fleet.pushed.toSorted()).toEqual(['mx3', 'mx4', 'mx5']);
    expect(rollout.members.map(({ earlier }) => earlier.length)).toEqual([0, 0, 1, 0, 0]);
  });

  it('runs, also for those who look at once, when somebody has gone on with it', async () => {
    const folder = await temporaryFolder();
    const id = await interrupt(folder, ['mx1'], ['mx2']);
    const fleet = scriptFleet(folder);
    fleet.hold('mx2', 'mx3', 'mx4', 'mx5');
    const rollouts = fleet.open();

    valueOf(await rollouts.resume(id));

    expect(valueOf(await rollouts.get(id)).state).toBe('running');
    fleet.release();
    expect(valueOf(await rollouts.wait(id)).state).toBe('finished');
  });

  it('survives a last line that was cut in two', async () => {
    const folder = await temporaryFolder();
    const id = await interrupt(folder, ['mx1'], []);
    await appendFile(join(folder, `${id}.jsonl`), '{"event":"started","gateway":"mx2","pu');
    const fleet = scriptFleet(folder);

    valueOf(await fleet.open().resume(id));

    await vi.waitFor(async () => expect(valueOf(await fleet.open().get(id)).state).toBe('finished'), patience);
    expect(fleet.pushed.toSorted()).toEqual(['mx2', 'mx3', 'mx4', 'mx5']);
  });

  it('only settles what was under way when it is cancelled', async () => {
    const folder = await temporaryFolder();
    const id = await interrupt(folder, ['mx1'], ['mx2', 'mx3']);
    const fleet = scriptFleet(folder, { settles: { mx2: applied('push-mx2') } });
    const rollouts = fleet.open();

    valueOf(await rollouts.cancel(id));

    const rollout = valueOf(await rollouts.wait(id));
    expect(fleet.pushed).toEqual([]);
    expect(statesOf(rollout)).toEqual(['mx1 ended', 'mx2 ended', 'mx3 skipped', 'mx4 skipped', 'mx5 skipped']);
  });
});

describe('two programs', () => {
  it('never run the same rollout; the other one may ask for a pause', async () => {
    const folder = await temporaryFolder();
    const fleet = scriptFleet(folder);
    fleet.hold('mx1');
    const rollouts = fleet.open();
    const { id } = valueOf(await rollouts.start(options()));
    const other = fleet.open({ author: 'Ben' });
    await vi.waitFor(() => expect(fleet.pushed).toEqual(['mx1']), patience);

    expect(await other.resume(id)).toMatchObject({ ok: false, problem: { code: 'busy' } });
    valueOf(await other.pause(id));

    await vi.waitFor(async () => expect(valueOf(await rollouts.get(id)).because).toBe('Ben asked for it.'), patience);
    fleet.release();
    expect(valueOf(await rollouts.wait(id)).state).toBe('paused');
    expect((await readdir(folder)).filter((name) => !name.endsWith('.jsonl'))).toEqual([]);
  });

  it('take over from one that died while it held the lock', async () => {
    const folder = await temporaryFolder();
    const id = await interrupt(folder, ['mx1'], []);
    const dead = { pid: 2 ** 22 + 1, host: hostname(), id: 'dead' }; // above the highest pid of Linux
    await writeFile(join(folder, `${id}.lock`), JSON.stringify(dead));
    const rollouts = scriptFleet(folder).open();

    valueOf(await rollouts.resume(id));

    expect(valueOf(await rollouts.wait(id)).state).toBe('finished');
  });
});
