import { describe, expect, it } from 'vitest';
import { calls } from '#ipc';
import { done } from '../../../../gateway-agent/contract/outcome.ts';
import type { QueueTask } from '../../../../gateway-agent/contract/requests.ts';
import { valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

const nothing = { entries: [], total: 0, hasMore: false, header: null, changed: 0 };

describe('registerQueueHandlers', () => {
  it('hands each call to the engine as the task of that gateway', async () => {
    const { call, services } = await startHandlers();
    const asked: { name: string; task: QueueTask }[] = [];
    services.engine = {
      ...services.engine,
      queue: (name, task) => {
        asked.push({ name, task });
        return Promise.resolve(done(nothing));
      },
    };

    valueOf(await call('queue:list', { name: 'mx1', domain: 'example.net', minAgeSeconds: 3600 }));
    valueOf(await call('queue:show', { name: 'mx1', id: 'abc123' }));
    valueOf(await call('queue:act', { name: 'mx1', action: 'hold', ids: ['abc123', 'abc124'] }));

    expect(asked).toEqual([
      { name: 'mx1', task: { kind: 'list', domain: 'example.net', minAgeSeconds: 3600, limit: 200 } },
      { name: 'mx1', task: { kind: 'show', id: 'abc123' } },
      { name: 'mx1', task: { kind: 'act', action: 'hold', ids: ['abc123', 'abc124'] } },
    ]);
  });

  it('passes on why a gateway could not be asked', async () => {
    const { call } = await startHandlers();

    expect(await call('queue:list', { name: 'mx1' })).toMatchObject({ ok: false, problem: { code: 'unreachable' } });
  });
});

describe('the queue calls of the contract', () => {
  it('refuse what the agent would refuse', () => {
    expect(calls['queue:act'].input.safeParse({ name: 'mx1', action: 'burn', ids: ['abc123'] }).success).toBe(false);
    expect(calls['queue:act'].input.safeParse({ name: 'mx1', action: 'hold', ids: [] }).success).toBe(false);
    expect(calls['queue:show'].input.safeParse({ name: 'mx1', id: '../etc' }).success).toBe(false);
    expect(calls['queue:list'].input.safeParse({ name: 'mx1', colour: 'red' }).success).toBe(false);
  });
});

describe('fleet:explain', () => {
  it('takes sender and recipient along, and works without them', async () => {
    const { call, services } = await startHandlers();
    const asked: unknown[] = [];
    services.engine = {
      ...services.engine,
      explain: (name, address, mail) => {
        asked.push([name, address, mail]);
        return Promise.resolve(done({ address, verdict: 'accept', steps: [] }));
      },
    };

    valueOf(
      await call('fleet:explain', { name: 'mx1', address: '192.0.2.7', sender: 'a@b.test', recipient: 'c@d.test' }),
    );
    valueOf(await call('fleet:explain', { name: 'mx1', address: '::1' }));

    expect(asked).toEqual([
      ['mx1', '192.0.2.7', { sender: 'a@b.test', recipient: 'c@d.test' }],
      ['mx1', '::1', {}],
    ]);
  });
});
