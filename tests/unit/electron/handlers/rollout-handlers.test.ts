import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openRollouts } from '../../../../electron/fleet/rollout/rollouts.ts';
import { tellRollouts } from '../../../../electron/handlers/rollout-events.ts';
import { applied, refused, revision } from '../../../support/scripted-fleet.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers, type TestApp } from '../../../support/test-services.ts';

async function startApp(): Promise<TestApp> {
  const app = await startHandlers();
  app.services.rollouts = openRollouts({
    folder: await temporaryFolder(),
    fleetFolder: app.services.folder.path,
    author: 'Anna',
    engine: {
      plan: () => Promise.resolve({ ok: true, value: revision }),
      pushOne: (name, { pushId }) => Promise.resolve(name === 'mx2' ? refused : applied(pushId)),
      settle: () => Promise.resolve(null),
    },
    listener: tellRollouts(app.emit),
  });
  return app;
}

describe('rollout:*', () => {
  it('runs, tells of changes seldom, and ends with figures', async () => {
    const app = await startApp();

    const began = performance.now();
    const changes = () => app.emitted.filter(({ event }) => event === 'rollout:changed');
    const { id } = valueOf(await app.call('rollout:start', { names: ['mx1', 'mx2', 'mx3'], maxFailures: 3 }));

    await vi.waitFor(
      () => {
        const counts = { asAsked: 2, failed: 1 };
        expect(changes().at(-1)?.data).toMatchObject({ summary: { id, state: 'finished', counts } });
      },
      { timeout: 10_000 },
    );
    // One every 250 ms, however long a busy machine takes for the eight changes.
    expect(changes().length).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 250));
    expect(app.emitted.filter(({ event }) => event === 'push:result')).toHaveLength(3);
    expect(valueOf(await app.call('rollout:list', {}))).toMatchObject([{ id, state: 'finished' }]);
  });

  it('saves a report where the user says, and none where the dialog was closed', async () => {
    const app = await startApp();
    const { id } = valueOf(await app.call('rollout:start', { names: ['mx1', 'mx2'] }));
    await app.services.rollouts.wait(id);
    const path = join(await temporaryFolder(), 'report.csv');

    app.choose(path);
    expect(valueOf(await app.call('rollout:report', { id, format: 'csv' }))).toEqual({ fileName: 'report.csv' });
    app.choose(null);
    expect(valueOf(await app.call('rollout:report', { id, format: 'text' }))).toBeNull();

    expect(await readFile(path, 'utf8')).toMatch(/^gateway,wave,.*\r\nmx1,0,ended,applied,.*\r\nmx2,1,ended,refused,/);
  });
});
