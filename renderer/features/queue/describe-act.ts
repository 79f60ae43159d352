// What an act on waiting messages came to, in one sentence: also where it did less than was asked.
import { formatCount } from '../../components/format-time.ts';
import type { QueueAction } from './describe-entry.ts';

const doneWords: Record<QueueAction, string> = {
  retry: 'will be tried now',
  hold: 'held until released',
  release: 'released',
  remove: 'deleted',
  restore: 'brought back',
  bounce: 'returned to the sender',
};

/** '1 message', '2,340 messages'. */
export function messagesWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'message' : 'messages'}`;
}

/** `asked` is how many messages the act was to change, `changed` how many it did before it ended. */
export function describeAct(action: QueueAction, asked: number, changed: number): string {
  const missed = asked - changed;
  if (changed === 0) return `Nothing was changed: ${messagesWords(missed)} had gone or cannot be changed so.`;
  const rest = missed === 0 ? '' : ` ${messagesWords(missed)} had gone or cannot be changed so.`;
  return `${messagesWords(changed)} ${doneWords[action]}.${rest}`;
}

/** The beginning of a complaint about an act that broke off. */
export function describeBreak(action: QueueAction, asked: number, changed: number): string {
  return changed === 0
    ? ''
    : `${formatCount(changed)} of ${messagesWords(asked)} ${doneWords[action]}, then it failed. `;
}
