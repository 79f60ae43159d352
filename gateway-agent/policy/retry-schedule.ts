// When a message that could not be delivered is tried again, when its sender hears of the delay, and when it is given up.
import type { MessageDeliveryConfig } from '#contract/config';

const minute = 60_000;
const hour = 60 * minute;

/** Short at first for greylisting; RFC 5321 §4.5.4.1 asks for 30 minutes or more only once the first tries failed. */
const firstWaits = [1, 5, 15, 30] as const;

/** Nobody waits longer than this for the next attempt. */
export const longestWait = hour;

/** Times are milliseconds. `receivedAt` is when the message was acknowledged. */
type Age = { receivedAt: number; now: number };

/** `attempts` counts those made, the one that just failed included; with 0 the first one is due at once. */
export function nextAttemptAt(attempts: number, now: number): number {
  if (attempts <= 0) return now;
  const wait = firstWaits[attempts - 1];
  return now + (wait === undefined ? hour : wait * minute);
}

/** True once a failed attempt is the last one: the message is then returned to its sender. */
export function isGivenUp(delivery: Pick<MessageDeliveryConfig, 'giveUpAfterHours'>, age: Age): boolean {
  return age.now - age.receivedAt >= delivery.giveUpAfterHours * hour;
}

/** True when the one notice of delay is to be sent now; never for a message that is given up anyway. */
export function isDelayNoticeDue(
  delivery: Pick<MessageDeliveryConfig, 'giveUpAfterHours' | 'delayNoticeAfterHours'>,
  facts: Age & { isNoticeSent: boolean },
): boolean {
  const { delayNoticeAfterHours } = delivery;
  if (delayNoticeAfterHours === null || facts.isNoticeSent || isGivenUp(delivery, facts)) return false;
  return facts.now - facts.receivedAt >= delayNoticeAfterHours * hour;
}
