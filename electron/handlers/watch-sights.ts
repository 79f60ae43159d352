// Keeps the sights of the open fleet folder fresh and tells the window what was seen.
import { watchFleet, type FleetWatch } from '../fleet/fleet-watch.ts';
import type { Services } from './services.ts';
import type { Sights } from './sights.ts';

/** Starts looking; `services` is read at each look, so that another fleet folder can take its place. */
export function watchSights(services: Services, sights: Sights): FleetWatch {
  return watchFleet({
    async names() {
      const entries = await services.folder.list();
      if (!entries.ok) return [];
      return entries.value.filter((entry) => !('unreadable' in entry)).map(({ name }) => name);
    },
    async look(name) {
      const { engine } = services;
      const sight = await engine.refresh(name);
      if (!sight.ok || engine !== services.engine) return null;
      sights.remember(name, sight.value);
      return sight.value;
    },
    tell: (seen) => services.emit('fleet:sights', { sights: seen }),
  });
}
