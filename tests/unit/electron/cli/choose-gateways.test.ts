import { describe, expect, it } from 'vitest';
import { GatewayRecord } from '#contract/fleet';
import { chooseGateways } from '../../../../electron/cli/choose-gateways.ts';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

async function makeFleet(): Promise<FleetFolder> {
  const folder = await temporaryFleet();
  const record = (over: object) => GatewayRecord.parse({ ssh: { host: 'mx.example.test' }, ...over });
  valueOf(await folder.addGroup('edge', null));
  valueOf(await folder.addGroup('edge-north', 'edge'));
  valueOf(await folder.add('a', record({ group: 'edge', tags: ['old'] })));
  valueOf(await folder.add('b', record({ group: 'edge-north' })));
  valueOf(await folder.add('c', record({ tags: ['old', 'slow'] })));
  return folder;
}

describe('chooseGateways', () => {
  it('takes a group with the groups below it', async () => {
    const folder = await makeFleet();

    expect(valueOf(await chooseGateways(folder, { group: ['edge'] }))).toEqual(['a', 'b']);
  });

  it('adds names to groups, and narrows all of that down to tags', async () => {
    const folder = await makeFleet();

    expect(valueOf(await chooseGateways(folder, { group: ['edge'], gateway: ['c'] }))).toEqual(['a', 'b', 'c']);
    expect(valueOf(await chooseGateways(folder, { group: ['edge'], tag: ['old'] }))).toEqual(['a']);
    expect(valueOf(await chooseGateways(folder, { tag: ['old', 'slow'] }))).toEqual(['a', 'c']);
  });

  it.each([{ group: ['edges'] }, { tag: ['new'] }, { gateway: ['d'] }])(
    'refuses what chooses nobody: %j',
    async (asked) => {
      const folder = await makeFleet();

      expect(await chooseGateways(folder, asked)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    },
  );
});
