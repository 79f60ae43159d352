// What an operator does to waiting messages: at once, with a way back where there is one, and a question before the
// one act that has none.
import { useCallback } from 'react';
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { QueueEntry } from '#contract/replies';
import type { RawInput } from '#ipc';
import { formatCount } from '../../components/format-time.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import type { QueueView } from './use-queue.ts';

export type QueueAction = RawInput<'queue:act'>['action'];
export type RunQueueAction = (action: QueueAction, ids: readonly string[]) => void;

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

/** The function behind every button; `onDone` hears of what went well. */
export function useQueueActs(queue: QueueView, onDone: () => void): RunQueueAction {
  const { act, entries } = queue;
  return useCallback(
    (action, ids) => {
      const run = async (): Promise<void> => {
        const outcome = await act(action, ids);
        if (!outcome.ok) {
          reportOutcome(outcome);
          return;
        }
        onDone();
        const missed = ids.length - outcome.value;
        const rest = missed === 0 ? '' : ` ${messagesWords(missed)} had gone or cannot be changed so.`;
        const words = `${messagesWords(outcome.value)} ${doneWords[action]}.${rest}`;
        if (action === 'remove') showUndoNotice(words, () => void act('restore', ids).then(reportOutcome));
        else reportOutcome(outcome, words);
      };
      if (action !== 'bounce') void run();
      else askBounce(ids, entries ?? [], () => void run());
    },
    [act, entries, onDone],
  );
}

function askBounce(ids: readonly string[], entries: readonly QueueEntry[], bounce: () => void): void {
  const chosen = new Set(ids);
  const notices = entries.filter(({ id, sender }) => chosen.has(id) && sender === '').length;
  modals.openConfirmModal({
    title: `Return ${messagesWords(ids.length)} to the sender?`,
    children: (
      <>
        <Text>
          Each sender gets a notice that the message was not delivered, and the message leaves the queue. This cannot be
          undone.
        </Text>
        {notices > 0 && (
          <Text mt="xs">
            {formatCount(notices)} of them {notices === 1 ? 'is a notice itself' : 'are notices themselves'}: nobody is
            told, they only leave the queue.
          </Text>
        )}
      </>
    ),
    labels: { confirm: `Return ${messagesWords(ids.length)}`, cancel: 'Cancel' },
    confirmProps: { color: 'red' },
    onConfirm: bounce,
  });
}
