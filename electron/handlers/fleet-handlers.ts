// `fleet:*`: the table of gateways and what can be asked of one.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FleetRow } from '#ipc';
import { done } from '#contract/outcome';
import { createRowLoader } from './fleet-row.ts';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

/** Work before others get a turn: nothing of ours may hold the process for 50 ms. */
const turnMilliseconds = 15;

/** Registers the fleet's calls. */
export function registerFleetHandlers(handle: Handle, services: Services, sights: Sights): void {
  handle('fleet:list', async () => {
    const { folder } = services;
    const entries = await folder.list();
    if (!entries.ok) return entries;
    const loadRow = await createRowLoader({ folder, audit: services.audit, sights });
    const rows: FleetRow[] = [];
    let began = performance.now();
    for (const entry of entries.value) {
      rows.push(await loadRow(entry));
      if (performance.now() - began < turnMilliseconds) continue;
      await nextTurn();
      began = performance.now();
    }
    return done(rows);
  });

  handle('fleet:refresh', async ({ name }) => {
    const sight = await services.engine.refresh(name);
    if (sight.ok) sights.remember(name, sight.value);
    return sight;
  });

  handle('fleet:hello', ({ name }) => services.engine.hello(name));

  handle('fleet:explain', ({ name, address, ...mail }) => services.engine.explain(name, address, mail));
}
