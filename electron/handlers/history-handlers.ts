// `history:*`: what was saved, by whom, what differed, what ran when; and bringing it back.
import { done } from '#contract/outcome';
import type { Handle, Services } from './services.ts';

/** Registers the calls about the history of the fleet folder. */
export function registerHistoryHandlers(handle: Handle, services: Services): void {
  handle('history:log', (question) => services.history.log(question));

  handle('history:compare', (comparison) => services.history.compare(comparison));

  handle('history:preview-restore', (wish) => services.history.previewRestore(wish));

  handle('history:restore', async (wish) => {
    const restored = await services.history.restore(wish);
    if (!restored.ok) return restored;
    const { commit, touched } = restored.value;
    if (commit !== null) services.emit('fleet:changed', { name: null });
    return done({ commit, touched });
  });

  handle('history:ran', ({ name, at }) => services.history.ran(name, new Date(at)));
}
