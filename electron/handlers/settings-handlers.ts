// `settings:*`: the four tabs of SMTP Routing for the fleet, a group or a gateway: loaded, judged and saved.
import { done } from '#contract/outcome';
import { describeFiles } from '../store/store-upload.ts';
import type { Handle, Services } from './services.ts';

/** Registers the calls about settings. */
export function registerSettingsHandlers(handle: Handle, services: Services): void {
  handle('settings:load', async ({ scope }) => {
    const saved = await services.folder.loadDraft(scope);
    if (!saved.ok) return saved;
    const { draft, inherited } = saved.value;
    // Inherited files too: a reset shows what it brings back.
    const above = await describeFiles(services, inherited.settings);
    if (!above.ok) return above;
    const files = await describeFiles(services, draft.settings);
    return files.ok ? done({ ...saved.value, files: { ...above.value, ...files.value } }) : files;
  });

  handle('settings:reach', ({ scope }) => services.folder.reach(scope));

  handle('settings:review', ({ gateway, unsaved }) => services.engine.review(gateway, unsaved));

  handle('settings:save', async ({ scope, ...save }) => {
    const saved = await services.folder.saveDraft(scope, save);
    if (saved.ok) services.emit('fleet:changed', { name: scope.kind === 'gateway' ? scope.name : null });
    return saved;
  });
}
