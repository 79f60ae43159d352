// `local:*`: "Try it on this computer".
import { FleetName } from '#contract/settings';
import { done } from '#contract/outcome';
import type { Handle, Services } from './services.ts';

/** Registers the calls about the local gateway. */
export function registerLocalHandlers(handle: Handle, services: Services): void {
  handle('local:start', async () => {
    const started = await services.local.start((words) => services.emit('local:progress', { words }));
    if (!started.ok) return started;
    services.emit('fleet:changed', { name: started.value.name });
    return done({ name: FleetName.parse(started.value.name) });
  });
}
