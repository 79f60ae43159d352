// When a message is tried again, and when no more.
import { describe, expect, it } from 'vitest';
import { isDelayNoticeDue, isGivenUp, nextAttemptAt } from '../../../../gateway-agent/policy/retry-schedule.ts';

const minute = 60_000;
const hour = 60 * minute;
const delivery = { giveUpAfterHours: 120, delayNoticeAfterHours: 4 };

describe('nextAttemptAt', () => {
  it('waits 1, 5, 15 and 30 minutes, then an hour each time', () => {
    const waits = [1, 2, 3, 4, 5, 6, 100].map((attempts) => (nextAttemptAt(attempts, 1000) - 1000) / minute);

    expect(waits).toEqual([1, 5, 15, 30, 60, 60, 60]);
  });

  it('has the first attempt due at once', () => {
    expect(nextAttemptAt(0, 1000)).toBe(1000);
  });
});

describe('isGivenUp', () => {
  it('holds from the configured hour on', () => {
    expect(isGivenUp(delivery, { receivedAt: 5, now: 5 + 120 * hour - 1 })).toBe(false);
    expect(isGivenUp(delivery, { receivedAt: 5, now: 5 + 120 * hour })).toBe(true);
  });

  it('is not true of a message from the future, as after a clock that was set back', () => {
    expect(isGivenUp(delivery, { receivedAt: 1000 * hour, now: 0 })).toBe(false);
  });
});

describe('isDelayNoticeDue', () => {
  const at = (hours: number) => ({ receivedAt: 0, now: hours * hour, isNoticeSent: false });

  it('holds once, from the configured hour on', () => {
    expect(isDelayNoticeDue(delivery, at(3.99))).toBe(false);
    expect(isDelayNoticeDue(delivery, at(4))).toBe(true);
    expect(isDelayNoticeDue(delivery, { ...at(4), isNoticeSent: true })).toBe(false);
  });

  it('never holds when there is none, or when the message is returned anyway', () => {
    expect(isDelayNoticeDue({ ...delivery, delayNoticeAfterHours: null }, at(100))).toBe(false);
    expect(isDelayNoticeDue(delivery, at(120))).toBe(false);
  });
});
