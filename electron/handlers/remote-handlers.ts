// `remote:*`: sharing the fleet folder through a git remote.
import type { SyncResult } from '#ipc';
import { done, type Outcome } from '#contract/outcome';
import type { RunOptions, SyncEnd } from '../store/remote-service.ts';
import type { Handle, Services } from './services.ts';

/** Registers the calls about the git remote. */
export function registerRemoteHandlers(handle: Handle, services: Services): void {
  let running: AbortController | null = null;

  async function run(work: (options: RunOptions) => Promise<Outcome<SyncEnd>>): Promise<Outcome<SyncResult>> {
    const controller = new AbortController();
    running ??= controller;
    try {
      return await work({
        signal: controller.signal,
        onWords: (words, canStop = true) => services.emit('remote:progress', { words, canStop }),
        onLanded: () => services.emit('fleet:changed', { name: null }),
      });
    } finally {
      if (running === controller) running = null;
    }
  }

  handle('remote:state', () => services.remote.state());

  handle('remote:set', (wish) => services.remote.set(wish));

  handle('remote:sync', () => run((options) => services.remote.sync(options)));

  handle('remote:resolve', ({ choices }) => run((options) => services.remote.resolve(choices, options)));

  handle('remote:cancel', () => {
    running?.abort();
    return Promise.resolve(done({}));
  });
}
