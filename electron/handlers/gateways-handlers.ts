// `gateways:*`: what is done to many gateways at once in the fleet folder. One commit for all of them.
import { done, type Outcome } from '#contract/outcome';
import type { Handle, Services } from './services.ts';

/** Registers the calls about many gateways. */
export function registerGatewaysHandlers(handle: Handle, services: Services): void {
  async function changed(change: Promise<Outcome<unknown>>): Promise<Outcome<Record<string, never>>> {
    const made = await change;
    if (!made.ok) return made;
    services.emit('fleet:changed', { name: null });
    return done({});
  }

  handle('gateways:move', ({ names, group }) => changed(services.folder.moveGateways(names, group)));

  handle('gateways:tag', ({ names, ...tags }) => changed(services.folder.tagGateways(names, tags)));
}
