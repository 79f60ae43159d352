import { describe, expect, it } from 'vitest';
import { saveDenyText, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

const mx1 = { kind: 'gateway', name: 'mx1' } as const;

describe('history:*', () => {
  it('tells what was saved, what differs, and brings it back', async () => {
    const { call, services, emitted } = await startHandlers();
    const first = valueOf(await saveDenyText(services.folder, '192.0.2.1\n'));
    valueOf(await saveDenyText(services.folder, '192.0.2.1\n192.0.2.2\n', 'Deny another'));

    const log = valueOf(await call('history:log', { scope: mx1, limit: 1 }));
    const compared = valueOf(await call('history:compare', { scope: mx1, from: first.commit, to: null }));
    const shown = valueOf(await call('history:preview-restore', { scope: mx1, commit: first.commit }));
    const restored = valueOf(await call('history:restore', { scope: mx1, commit: first.commit }));
    const again = valueOf(await call('history:restore', { scope: mx1, commit: first.commit }));

    expect(log.entries).toMatchObject([{ words: 'Deny another', parent: first.commit, scopes: [mx1] }]);
    expect(compared[0]?.difference[0]?.added).toEqual(['192.0.2.2']);
    expect(shown).toMatchObject({ touched: ['mx1'], differences: [{ gateway: 'mx1' }] });
    expect(restored.touched).toEqual(['mx1']);
    expect(again).toEqual({ commit: null, touched: [] });
    expect(emitted).toEqual([{ event: 'fleet:changed', data: { name: null } }]);
    expect(valueOf(await services.folder.loadList('mx1-deny')).text).toBe('192.0.2.1\n');
  });

  it('says that nothing was pushed by then', async () => {
    const { call } = await startHandlers();

    const ran = valueOf(await call('history:ran', { name: 'mx1', at: '2026-01-01T00:00:00Z' }));

    expect(ran).toMatchObject({ revision: null, words: 'Nothing was pushed to it by then.' });
  });
});
