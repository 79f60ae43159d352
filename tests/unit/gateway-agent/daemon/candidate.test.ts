import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Candidate } from '../../../../gateway-agent/daemon/candidate.ts';

describe('Candidate', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const facts = { pushId: 'p', revision: 'a'.repeat(64), author: 'tester' };

  it('ends when its time is over, whatever the clock on the wall says', () => {
    const onEnd = vi.fn<() => void>();
    const candidate = new Candidate(facts, 60, onEnd);

    vi.setSystemTime(new Date('2036-01-01'));
    vi.advanceTimersByTime(59_000);
    expect(onEnd).not.toHaveBeenCalled();
    expect(candidate.pending.secondsLeft).toBe(1);
    vi.advanceTimersByTime(1000);

    expect(onEnd).toHaveBeenCalledOnce();
  });

  it('waits longer while it is held, but not for ever', () => {
    const onEnd = vi.fn<() => void>();
    const candidate = new Candidate(facts, 1, onEnd);

    candidate.hold(30);
    vi.advanceTimersByTime(29_000);
    expect(onEnd).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);

    expect(onEnd).toHaveBeenCalledOnce();
  });

  it('never ends once it is stopped', () => {
    const onEnd = vi.fn<() => void>();

    new Candidate(facts, 1, onEnd).stop();
    vi.advanceTimersByTime(5000);

    expect(onEnd).not.toHaveBeenCalled();
  });
});
