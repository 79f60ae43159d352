// What an operator does to waiting messages: at once, with a way back where there is one, and a question before the
// one act that has none.
import { useCallback } from 'react';
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { failed } from '#contract/outcome';
import type { QueueEntry } from '#contract/replies';
import { formatCount } from '../../components/format-time.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import { describeAct, describeBreak, messagesWords } from './describe-act.ts';
import type { QueueAction } from './describe-entry.ts';
import type { ActResult, QueueView } from './use-queue.ts';

export type RunQueueAction = (action: QueueAction, ids: readonly string[]) => void;

/** The function behind every button; `onDone` hears of what went well. */
export function useQueueActs(queue: QueueView, onDone: () => void): RunQueueAction {
  const { act, entries } = queue;
  return useCallback(
    (action, ids) => {
      const run = async (): Promise<void> => {
        const result = await act(action, ids);
        if (result.problem === null) onDone();
        if (action === 'remove' && result.changed > 0) {
          showUndoNotice(describeAct(action, ids.length, result.changed), () => {
            void act('restore', ids).then((undone) => report('restore', result.changed, undone));
          });
          if (result.problem === null) return;
        }
        report(action, ids.length, result);
      };
      if (action !== 'bounce') void run();
      else askBounce(ids, entries ?? [], () => void run());
    },
    [act, entries, onDone],
  );
}

function report(action: QueueAction, asked: number, { changed, problem }: ActResult): void {
  if (problem !== null) {
    reportOutcome(failed(problem.code, `${describeBreak(action, asked, changed)}${problem.message}`, problem.hint));
    return;
  }
  notifications.show({
    message: describeAct(action, asked, changed),
    color: changed === asked ? 'green' : 'yellow',
  });
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
