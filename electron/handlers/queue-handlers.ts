// `queue:*`: what waits on a gateway, and what an operator does about it.
import type { Handle, Services } from './services.ts';

/** Registers the queue's calls. */
export function registerQueueHandlers(handle: Handle, services: Services): void {
  handle('queue:list', ({ name, ...filter }) => services.engine.queue(name, { kind: 'list', ...filter }));

  handle('queue:show', ({ name, id }) => services.engine.queue(name, { kind: 'show', id }));

  handle('queue:act', ({ name, action, ids }) => services.engine.queue(name, { kind: 'act', action, ids }));
}
