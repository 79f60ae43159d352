// `settings:*`: the four tabs of SMTP Routing, loaded, judged and saved.
import { done } from '#contract/outcome';
import { describeFiles } from '../store/store-upload.ts';
import type { Handle, Services } from './services.ts';

/** Registers the calls about settings. */
export function registerSettingsHandlers(handle: Handle, services: Services): void {
  handle('settings:load', async ({ name }) => {
    const saved = await services.folder.loadDraft(name);
    if (!saved.ok) return saved;
    const files = await describeFiles(services, saved.value.draft.settings);
    return files.ok ? done({ ...saved.value, files: files.value }) : files;
  });

  handle('settings:review', ({ name, draft }) => services.engine.review(name, draft));

  handle('settings:save', async ({ name, ...save }) => {
    const saved = await services.folder.saveDraft(name, save);
    if (saved.ok) services.emit('fleet:changed', { name });
    return saved;
  });
}
