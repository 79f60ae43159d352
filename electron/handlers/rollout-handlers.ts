// `rollout:*`: pushes in waves, and what became of them.
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { done } from '#contract/outcome';
import { formatReport } from '../fleet/rollout/rollout-report.ts';
import { reportingDisk } from '../store/folder-writer.ts';
import type { Handle, Services } from './services.ts';

const endings = { text: 'txt', json: 'json', csv: 'csv' } as const;

/** Registers the calls about rollouts. */
export function registerRolloutHandlers(handle: Handle, services: Services): void {
  handle('rollout:start', (options) => services.rollouts.start(options));
  handle('rollout:list', () => services.rollouts.list());
  handle('rollout:get', ({ id }) => services.rollouts.get(id));
  handle('rollout:pause', ({ id }) => services.rollouts.pause(id));
  handle('rollout:resume', ({ id }) => services.rollouts.resume(id));
  handle('rollout:cancel', ({ id }) => services.rollouts.cancel(id));
  handle('rollout:retry', ({ id }) => services.rollouts.retry(id));

  handle('rollout:report', async ({ id, format }) => {
    const rollout = await services.rollouts.get(id);
    if (!rollout.ok) return rollout;
    const path = await services.dialogs.saveFile(`rollout-${rollout.value.startedAt.slice(0, 10)}.${endings[format]}`);
    if (path === null) return done(null);
    return reportingDisk(path, async () => {
      await writeFile(path, formatReport(rollout.value, format));
      return done({ fileName: basename(path) });
    });
  });
}
