// `lists:*`: address lists that groups and gateways share.
import { done } from '#contract/outcome';
import type { Handle, Services } from './services.ts';

/** Registers the calls about shared lists. */
export function registerListsHandlers(handle: Handle, services: Services): void {
  const changed = (): void => services.emit('fleet:changed', { name: null });

  handle('lists:list', () => services.folder.listSharedLists());

  handle('lists:load', ({ name }) => services.folder.loadSharedList(name));

  handle('lists:save', async (save) => {
    const saved = await services.folder.saveSharedList(save);
    if (saved.ok) changed();
    return saved;
  });

  handle('lists:remove', async ({ name }) => {
    const removed = await services.folder.removeSharedList(name);
    if (removed.ok) changed();
    return removed;
  });

  handle('lists:restore', async ({ name, undo }) => {
    const restored = await services.folder.restoreSharedList(name, undo);
    if (!restored.ok) return restored;
    changed();
    return done({});
  });
}
