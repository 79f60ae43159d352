// What happens to a recipient when delivery or an operator acts. Pure: states in, states out.
import { isOpen } from './stored-message.ts';
import type { Progress } from './stored-message.ts';

/** The result of one attempt for one recipient of the envelope, or the note that its sender was told of a delay. */
export type RecipientChange =
  | { index: number; state: 'delivered' | 'bounced'; lastReply?: string }
  | { index: number; state: 'deferred'; nextAttemptAt: number; lastReply?: string }
  | { index: number; delayNoticeAt: number };

/** What an operator can do to the open recipients of a message. */
export type OperatorAction = 'hold' | 'release' | 'retry';

/** What delivery reports ends a hold, but a mere delay does not; what is final stays so, whatever is reported late. */
export function changeProgress(current: Progress, change: RecipientChange): Progress {
  if (!isOpen(current)) return current;
  if (!('state' in change)) return { ...current, delayNoticeAt: change.delayNoticeAt };
  const next: Progress = { ...current, attempts: current.attempts + 1 };
  if (change.lastReply !== undefined) next.lastReply = change.lastReply;
  if (change.state !== 'deferred') return { ...next, state: change.state };
  next.nextAttemptAt = change.nextAttemptAt;
  return current.state === 'queued' || current.state === 'deferred' ? { ...next, state: 'deferred' } : next;
}

/** Null when the action changes nothing. */
export function actOnProgress(current: Progress, action: OperatorAction, now: number): Progress | null {
  if (!isOpen(current)) return null;
  if (action === 'hold') return current.state === 'held' ? null : { ...current, state: 'held' };
  if (action === 'release' && current.state !== 'held') return null;
  if (action === 'retry' && current.state === 'held') return null;
  return { ...current, state: current.attempts > 0 ? 'deferred' : 'queued', nextAttemptAt: now };
}
