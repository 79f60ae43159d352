// What reports and operators do to a recipient.
import { describe, expect, it } from 'vitest';
import { actOnProgress, changeProgress } from '../../../../gateway-agent/queue/change-progress.ts';

const queued = { state: 'queued', attempts: 0, nextAttemptAt: 1 } as const;

describe('changeProgress', () => {
  it('counts attempts and keeps the reply', () => {
    const change = { index: 0, state: 'deferred', nextAttemptAt: 9, lastReply: '451 4.3.0 later' } as const;

    expect(changeProgress(queued, change)).toEqual({
      state: 'deferred',
      attempts: 1,
      nextAttemptAt: 9,
      lastReply: '451 4.3.0 later',
    });
  });

  it('leaves a final state alone, whatever is reported late', () => {
    const delivered = { state: 'delivered', attempts: 1, nextAttemptAt: 1 } as const;

    expect(changeProgress(delivered, { index: 0, state: 'bounced' })).toEqual(delivered);
  });

  it('ends a hold with a delivery, not with a delay', () => {
    const held = { ...queued, state: 'held' } as const;

    expect(changeProgress(held, { index: 0, state: 'deferred', nextAttemptAt: 9 }).state).toBe('held');
    expect(changeProgress(held, { index: 0, state: 'delivered' }).state).toBe('delivered');
  });

  it('notes a delay notice without counting an attempt', () => {
    expect(changeProgress(queued, { index: 0, delayNoticeAt: 7 })).toEqual({ ...queued, delayNoticeAt: 7 });
  });
});

describe('actOnProgress', () => {
  it('releases to the state the recipient had', () => {
    expect(actOnProgress({ ...queued, state: 'held' }, 'release', 5)).toEqual({ ...queued, nextAttemptAt: 5 });
    expect(actOnProgress({ ...queued, state: 'held', attempts: 2 }, 'release', 5)?.state).toBe('deferred');
  });

  it('does nothing to a final recipient, and does not retry a held one', () => {
    expect(actOnProgress({ ...queued, state: 'bounced' }, 'hold', 5)).toBeNull();
    expect(actOnProgress({ ...queued, state: 'held' }, 'retry', 5)).toBeNull();
  });
});
