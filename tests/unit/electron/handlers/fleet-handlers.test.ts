import { describe, expect, it } from 'vitest';
import { auditEngine } from '../../../../electron/fleet/audit-engine.ts';
import { recorderOf } from '../../../../electron/fleet/audited.ts';
import type { Engine } from '../../../../electron/fleet/engine.ts';
import type { PushResult } from '../../../../gateway-agent/contract/push.ts';
import { valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers, type TestApp } from '../../../support/test-services.ts';

const lastPush = { revision: 'a'.repeat(64), at: '2026-11-20T12:00:00Z', by: 'Bert', pushId: 'p1' };

/** The app with an engine whose pushes end like this, told to the log as the app does. */
async function appWherePushes(result: PushResult): Promise<TestApp> {
  const app = await startHandlers();
  valueOf(await app.services.folder.recordPush('mx1', lastPush));
  const recorder = recorderOf(app.services.audit, ({ message }) => expect.fail(message));
  const push: Engine['push'] = (names, { onResult } = {}) => {
    names.forEach((gateway) => onResult?.(gateway, result));
    return Promise.resolve(names.map((gateway) => ({ gateway, result })));
  };
  app.services.engine = auditEngine({ ...app.services.engine, push }, recorder);
  return app;
}

async function pushMx1({ call }: TestApp): Promise<void> {
  const runId = '00000000-0000-4000-8000-000000000000';
  valueOf(await call('push:run', { runId, names: ['mx1'], overwriteThere: false }));
}

describe('fleet:list', () => {
  it('tells of a push that failed, and keeps the confirmed one apart: drift is told from that', async () => {
    const problem = { code: 'port-taken', message: 'Port 25 is held by postfix.' } as const;
    const app = await appWherePushes({ kind: 'refused', problem, findings: [] });

    await pushMx1(app);

    const [row] = valueOf(await app.call('fleet:list', {}));
    expect(row).toMatchObject({
      name: 'mx1',
      lastPush,
      lastAttempt: { by: 'Ada Tester', outcome: 'refused', words: 'Port 25 is held by postfix.' },
    });
    expect(Date.parse(row?.lastAttempt?.at ?? '')).toBeGreaterThan(Date.parse(lastPush.at));
  });

  it('tells of the newest one, and of none where the log knows of none', async () => {
    const app = await appWherePushes({ kind: 'unchanged', revision: lastPush.revision });
    const [before] = valueOf(await app.call('fleet:list', {}));
    const fact = { action: 'push', target: 'mx1', outcome: 'unreachable', words: 'No answer.' };
    valueOf(await app.services.audit.record(fact));
    valueOf(await app.services.audit.record({ ...fact, action: 'save', outcome: 'done' }));
    const [failedOne] = valueOf(await app.call('fleet:list', {}));

    await pushMx1(app);

    const [row] = valueOf(await app.call('fleet:list', {}));
    expect(before?.lastAttempt).toBeNull();
    expect(failedOne?.lastAttempt?.outcome).toBe('unreachable');
    expect(row?.lastAttempt?.outcome).toBe('unchanged');
  });
});
