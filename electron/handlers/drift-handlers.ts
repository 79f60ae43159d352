// `drift:*`: what was changed on a gateway by somebody else, and taking it over.
import { done } from '#contract/outcome';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

/** Registers the calls about drift. */
export function registerDriftHandlers(handle: Handle, services: Services, sights: Sights): void {
  handle('drift:show', async ({ name }) => {
    const report = await services.drift.show(name);
    if (report.ok) sights.remember(name, report.value.sight);
    return report;
  });

  handle('drift:take', async ({ name, fields }) => {
    const taken = await services.drift.take(name, fields);
    if (!taken.ok) return taken;
    services.emit('fleet:changed', { name });
    return done({ commit: taken.value.commit });
  });
}
