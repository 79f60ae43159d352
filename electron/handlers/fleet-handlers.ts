// `fleet:*`: the table of gateways and what can be asked of one.
import type { FleetRow } from '#ipc';
import { done } from '#contract/outcome';
import { loadFleetRow } from './fleet-row.ts';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

/** Registers the fleet's calls. */
export function registerFleetHandlers(handle: Handle, services: Services, sights: Sights): void {
  handle('fleet:list', async () => {
    const { folder } = services;
    const entries = await folder.list();
    if (!entries.ok) return entries;
    const rows: FleetRow[] = [];
    for (const entry of entries.value) rows.push(await loadFleetRow(folder, sights, entry));
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
