// `app:*`: what runs here, and which fleet folder is open.
import { done } from '#contract/outcome';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

/** Registers the app's own calls. */
export function registerAppHandlers(handle: Handle, services: Services, sights: Sights): void {
  handle('app:info', async () =>
    done({ ...services.info, fleetFolder: services.folder.path, vault: await services.vault.state() }),
  );

  handle('app:choose-folder', async () => {
    const path = await services.dialogs.openFolder();
    if (path === null) return done(null);
    const opened = await services.openFolder(path);
    if (!opened.ok) return opened;
    sights.forgetAll();
    services.emit('fleet:changed', { name: null });
    return done({ fleetFolder: services.folder.path });
  });
}
