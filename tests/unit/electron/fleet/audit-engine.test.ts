import { describe, expect, it } from 'vitest';
import { auditEngine } from '../../../../electron/fleet/audit-engine.ts';
import type { Recorder } from '../../../../electron/fleet/audited.ts';
import type { Engine } from '../../../../electron/fleet/engine.ts';
import type { AuditFact } from '../../../../electron/store/audit-log.ts';
import { done, failed } from '../../../../gateway-agent/contract/outcome.ts';
import type { PushResult } from '../../../../gateway-agent/contract/push.ts';
import { startHandlers } from '../../../support/test-services.ts';

const revision = 'ab12'.repeat(16);
const conflict: PushResult = {
  kind: 'conflict',
  expected: null,
  actual: revision,
  problem: { code: 'conflict', message: 'It has another one.' },
};

async function auditedEngine(over: Partial<Engine>): Promise<{ engine: Engine; facts: AuditFact[] }> {
  const { services } = await startHandlers();
  const facts: AuditFact[] = [];
  const recorder: Recorder = { record: async (some) => void facts.push(...some) };
  return { engine: auditEngine({ ...services.engine, ...over }, recorder), facts };
}

describe('auditEngine', () => {
  it('records each gateway of a push as it ends, with its outcome and what changed', async () => {
    const applied: PushResult = {
      kind: 'applied',
      revision,
      pushId: 'x',
      proofs: { gateway: { result: 'proved', listeners: [] }, desktop: { result: 'proved' } },
      difference: [{ section: 'SMTP Interface', field: 'f', label: 'Port', before: '25', after: '2525' }],
      findings: [],
    };
    const { engine, facts } = await auditedEngine({
      async push(_names, options) {
        options?.onResult?.('mx1', applied);
        options?.onResult?.('mx2', conflict);
        return [];
      },
    });

    await engine.push(['mx1', 'mx2']);

    expect(facts).toEqual([
      { action: 'push', target: 'mx1', outcome: 'applied', words: 'r ab12ab12ab12 confirmed; Port: 25 → 2525' },
      { action: 'push', target: 'mx2', outcome: 'conflict', words: 'It has another one.' },
    ]);
  });

  it('records members of a rollout, rollbacks, and what became of interrupted pushes', async () => {
    const unchanged = async (): Promise<PushResult> => ({ kind: 'unchanged', revision });
    const { engine, facts } = await auditedEngine({ pushOne: unchanged, rollback: unchanged, settle: unchanged });

    await engine.pushOne('mx1', { pushId: 'x', revision });
    await engine.rollback('mx2', revision);
    await engine.settle('mx3', { pushId: 'x', revision, mayArriveUntil: 0 });

    expect(facts.map(({ action, target, outcome }) => [action, target, outcome])).toEqual([
      ['push', 'mx1', 'unchanged'],
      ['rollback', 'mx2', 'unchanged'],
      ['push', 'mx3', 'unchanged'],
    ]);
  });

  it('records what is done to the queue, and not a look into it', async () => {
    const { engine, facts } = await auditedEngine({
      queue: async () => done({ entries: [], total: 1, hasMore: false, header: null, changed: 1 }),
    });

    await engine.queue('mx1', { kind: 'list', limit: 5 });
    await engine.queue('mx1', { kind: 'act', action: 'remove', ids: ['AbC123'] });

    expect(facts).toEqual([
      { action: 'queue', target: 'mx1', outcome: 'done', words: 'remove AbC123 (1 of 1 changed)' },
    ]);
  });

  it('records an action that failed, with the reason', async () => {
    const { engine, facts } = await auditedEngine({ queue: async () => failed('unreachable', 'No route.') });

    await engine.queue('mx1', { kind: 'act', action: 'retry', ids: ['AbC123'] });

    expect(facts).toEqual([
      { action: 'queue', target: 'mx1', outcome: 'unreachable', words: 'retry AbC123: No route.' },
    ]);
  });
});
