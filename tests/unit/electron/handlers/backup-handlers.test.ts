import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDayBackups } from '../../../../electron/store/day-backups.ts';
import { sampleRecord, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

describe('backup:list and backup:restore', () => {
  it('tell the days, what one would change, and that the fleet changed once it did', async () => {
    const { call, services, emitted } = await startHandlers();
    const fleetFolder = services.folder.path;
    expect(valueOf(await call('backup:list', {}))).toEqual([]);
    valueOf(await openDayBackups({ fleetFolder, appFolder: dirname(fleetFolder) }).makeOfToday());
    valueOf(await services.folder.add('mx2', sampleRecord('mx2.example.test')));

    const [backup] = valueOf(await call('backup:list', {}));
    const day = backup?.day ?? '';
    const shown = valueOf(await call('backup:preview-restore', { day }));
    const toldBefore = emitted.length;
    const restored = valueOf(await call('backup:restore', { day }));
    const again = valueOf(await call('backup:restore', { day }));

    expect(backup).toMatchObject({ gateways: 1, problem: null });
    expect(shown).toMatchObject({ added: [], removed: ['mx2'], files: 1 });
    expect(restored.touched).toEqual(['mx2']);
    expect(again).toEqual({ commit: null, before: null, touched: [] });
    expect(emitted.slice(toldBefore).filter(({ event }) => event === 'fleet:changed')).toHaveLength(1);
    const told = { words: 'Putting the files in place…', canStop: false };
    expect(emitted).toContainEqual({ event: 'backup:progress', data: told });
    valueOf(await call('history:restore', { scope: { kind: 'fleet' }, commit: restored.before ?? '' }));
    expect(valueOf(await services.folder.list())).toHaveLength(2);
  });
});
