// `push:*`: runs of pushes that report while they go on and can be cancelled by their runId.
import { done, failed } from '#contract/outcome';
import type { Handle, Services } from './services.ts';

/** Registers the calls about pushes. */
export function registerPushHandlers(handle: Handle, services: Services): void {
  const running = new Map<string, AbortController>();

  handle('push:run', async ({ runId, names, overwriteThere }) => {
    if (running.has(runId)) return failed('bad-request', 'A push with this runId is under way.');
    const abort = new AbortController();
    running.set(runId, abort);
    try {
      const results = await services.engine.push(names, {
        signal: abort.signal,
        overwriteThere,
        onProgress: (progress) => services.emit('push:progress', { runId, progress }),
        onResult(gateway, result) {
          services.emit('push:result', { runId, gateway, result });
          services.emit('fleet:changed', { name: gateway });
        },
      });
      return done(results);
    } finally {
      running.delete(runId);
    }
  });

  handle('push:cancel', async ({ runId }) => {
    running.get(runId)?.abort(); // one that ended meanwhile needs no cancel
    return done({});
  });
}
