import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { edit, makeBare, openCopy, synced } from '../../../support/shared-fleets.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

describe('remote:*', () => {
  it('shares the folder, says how far it is, and asks about what both changed', async () => {
    const { call, services, emitted } = await startHandlers();
    const root = await temporaryFolder();
    const url = await makeBare(join(root, 'fleet.git'));
    const other = await openCopy(root, 'other');

    const set = valueOf(await call('remote:set', { url }));
    const first = valueOf(await call('remote:sync', {}));
    valueOf(await other.remote.set({ url, token: null }));
    await synced(other);
    await edit(other, 'mx1', { port: 2525 });
    await synced(other);
    await edit({ ...other, folder: services.folder }, 'mx1', { port: 2626 });
    const { conflicts } = valueOf(await call('remote:sync', {}));
    const choices = Object.fromEntries(conflicts.map(({ id }) => [id, 'theirs' as const]));
    const ended = valueOf(await call('remote:resolve', { choices }));

    expect(set).toMatchObject({ url, branch: 'main', hasToken: false, fetchedAt: null });
    expect(first).toEqual({ pulled: 0, pushed: 1, conflicts: [] });
    expect(conflicts).toMatchObject([{ label: 'Port', ours: '2626', theirs: '2525' }]);
    expect(ended).toEqual({ pulled: 1, pushed: 2, conflicts: [] });
    const progress = (words: string, canStop = true) => ({ event: 'remote:progress', data: { words, canStop } });
    expect(emitted.slice(-4)).toEqual([
      progress('Joining both sides…'),
      progress('Putting it in place; this cannot be stopped…', false),
      { event: 'fleet:changed', data: { name: null } },
      progress(`Sending to ${url}…`),
    ]);
    expect(emitted).toContainEqual(progress(`Asking ${url}…`));
    expect(valueOf(await call('remote:state', {}))).toMatchObject({ ahead: 0, behind: 0 });
  });

  it('keeps a token in the vault, for https alone, and forgets it with the remote', async () => {
    const { call, keychain } = await startHandlers();
    const url = 'https://git.example.test/fleet.git';

    const set = valueOf(await call('remote:set', { url, token: 'a-token' }));
    const stored = [...keychain.entries.values()];
    const forgotten = valueOf(await call('remote:set', { url: null }));
    const refused = await call('remote:set', { url: 'git@git.example.test:fleet.git', token: 'a-token' });

    expect(set).toMatchObject({ url, hasToken: true });
    expect(stored).toContain('a-token');
    expect(forgotten).toMatchObject({ url: null, hasToken: false });
    expect([...keychain.entries.values()]).not.toContain('a-token');
    expect(refused).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('stops the sync that runs', async () => {
    const { call, services } = await startHandlers();
    services.remote.sync = ({ signal } = {}) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () =>
          resolve({ ok: false, problem: { code: 'cancelled', message: 'Stopped.' } }),
        );
      });

    const running = call('remote:sync', {});
    await call('remote:cancel', {});

    expect(await running).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  });
});
