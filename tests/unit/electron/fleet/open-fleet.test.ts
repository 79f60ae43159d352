import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Fleet, openFleet } from '../../../../electron/fleet/open-fleet.ts';
import { RolloutOptions } from '../../../../gateway-agent/contract/rollout.ts';
import { messagesOf, sampleRecord, temporaryFleet, tester, valueOf } from '../../../support/temporary-fleet.ts';

async function fleetOfOne(): Promise<{ fleet: Fleet; appFolder: string; told: string[] }> {
  const { path } = await temporaryFleet();
  const appFolder = join(dirname(path), 'app');
  const told: string[] = [];
  const fleet = await openFleet({
    path,
    appFolder,
    who: tester,
    tellTrouble: ({ message }) => told.push(message),
  });
  return { fleet: valueOf(fleet), appFolder, told };
}

async function entriesOf({ audit }: Fleet): Promise<string[]> {
  const { entries } = valueOf(await audit.list({ target: null, before: null, limit: 100 }));
  return entries.map(({ action, target, outcome, words }) => [action, target, outcome, words].join(' | ')).toReversed();
}

describe('openFleet', () => {
  it('records what is done through it, and brings that into git when it is closed', async () => {
    const { fleet, told } = await fleetOfOne();

    valueOf(await fleet.folder.add('mx2', sampleRecord()));
    const [pushed] = await fleet.engine.push(['mx1']);
    await fleet.close();

    expect(pushed?.result.kind).toBe('unreachable'); // no host key is pinned
    expect((await entriesOf(fleet)).map((entry) => entry.split(' | ').slice(0, 3))).toEqual([
      ['add', 'mx2', 'done'],
      ['push', 'mx1', 'unreachable'],
    ]);
    expect((await messagesOf(fleet.folder)).slice(0, 2)).toEqual(['Keep the audit log', 'Add mx2']);
    expect(told).toEqual([]);
  });

  it('records who starts and cancels a rollout', async () => {
    const { fleet } = await fleetOfOne();
    const rollouts = fleet.rollouts();

    const { id } = valueOf(await rollouts.start(RolloutOptions.parse({ names: ['mx1'] })));
    await rollouts.wait(id);
    await rollouts.cancel(id);
    await fleet.close();

    const short = id.slice(0, 8);
    expect((await entriesOf(fleet)).filter((entry) => entry.startsWith('rollout'))).toEqual([
      `rollout |  | done | Start rollout ${short} of 1 gateways: 1 first, then batches of 20`,
      `rollout |  | done | Cancel rollout ${short}`,
    ]);
  });

  it('keeps a copy from before the first change of the day, and makes nothing when nothing is done', async () => {
    const { fleet, appFolder } = await fleetOfOne();
    await fleet.close();
    const before = await readdir(appFolder).catch(() => []);

    valueOf(await fleet.folder.tagGateways(['mx1'], { add: ['edge'], remove: [] }));

    expect(before).toEqual([]);
    expect(
      (await readdir(join(appFolder, 'backups'), { recursive: true })).filter((name) => name.endsWith('.gz')),
    ).toHaveLength(1);
  });
});
