import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PushResult } from '#contract/push';
import type { Engine } from '../../../../electron/fleet/engine.ts';
import { valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

const unchanged: PushResult = { kind: 'unchanged', revision: 'a'.repeat(64) };
const cancelled: PushResult = {
  kind: 'unreachable',
  cause: 'cancelled',
  problem: { code: 'cancelled', message: 'Stopped before anything was sent.' },
};

/** Ends at once, or when it is cancelled. */
function pushThat(ends: 'at once' | 'when cancelled'): Engine['push'] {
  return async ([gateway = ''], { signal, onProgress, onResult } = {}) => {
    onProgress?.({ gateway, step: 'connect', state: 'running' });
    if (ends === 'when cancelled') await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    const result = signal?.aborted ? cancelled : unchanged;
    onResult?.(gateway, result);
    return [{ gateway, result }];
  };
}

describe('push:run', () => {
  it('reports progress and results under its runId and resolves with all results', async () => {
    const { call, services, emitted } = await startHandlers();
    services.engine = { ...services.engine, push: pushThat('at once') };
    const runId = randomUUID();

    const results = valueOf(await call('push:run', { runId, names: ['mx1'], overwriteThere: false }));

    expect(results).toEqual([{ gateway: 'mx1', result: unchanged }]);
    expect(emitted).toEqual([
      { event: 'push:progress', data: { runId, progress: { gateway: 'mx1', step: 'connect', state: 'running' } } },
      { event: 'push:result', data: { runId, gateway: 'mx1', result: unchanged } },
      { event: 'fleet:changed', data: { name: 'mx1' } },
    ]);
  });

  it('is stopped by push:cancel with the same runId and no other', async () => {
    const { call, services } = await startHandlers();
    services.engine = { ...services.engine, push: pushThat('when cancelled') };
    const runId = randomUUID();

    const running = call('push:run', { runId, names: ['mx1'], overwriteThere: false });
    valueOf(await call('push:cancel', { runId: randomUUID() }));
    const twice = await call('push:run', { runId, names: ['mx1'], overwriteThere: false });
    valueOf(await call('push:cancel', { runId }));

    expect(twice).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(valueOf(await running)).toEqual([{ gateway: 'mx1', result: cancelled }]);
    valueOf(await call('push:cancel', { runId }));
  });
});
