// The buttons under a review and under a push.
import { useEffect, useRef } from 'react';
import { Button, Group, Text } from '@mantine/core';
import { hasErrors, type ReviewEntry } from '../../components/fold-reviews.ts';
import type { PushRun } from './use-push-run.ts';
import classes from '../../components/review.module.css';

type Props = {
  names: string[]; // those that can be pushed
  entries: ReviewEntry[];
  isLoading: boolean;
  isSaving: boolean;
  hasUnsaved: boolean;
  onPush: () => void;
  onSave: () => void;
  onClose: () => void;
};

function pushWords(names: string[], total: number): string {
  if (total === 0) return 'No gateway to push to';
  if (total === 1) return `Push to ${names[0] ?? '1 gateway'}`;
  return names.length === total ? `Push to ${total} gateways` : `Push to ${names.length} of ${total} gateways`;
}

/** What can be done next gets the focus once it can be done: when the drawer looks for it, it is still disabled. */
function useFocusWhen(isReady: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isReady) button.current?.focus();
  }, [isReady]);
  return button;
}

/** Push, only save, cancel. */
export function ReviewFoot({ names, entries, isLoading, isSaving, hasUnsaved, onPush, onSave, onClose }: Props) {
  const refused = entries.filter((entry) => entry.review !== null && hasErrors(entry.review)).length;
  const canPush = !isLoading && names.length > 0;
  const pushButton = useFocusWhen(canPush);
  return (
    <div className={classes['foot']}>
      {refused > 0 && (
        <Text mb="xs">
          {entries.length === 1
            ? 'The gateway would refuse this. Correct the errors above, then review again.'
            : `${refused} of ${entries.length} gateways would refuse this and are left out.`}
        </Text>
      )}
      <Group gap="xs">
        <Button ref={pushButton} onClick={onPush} disabled={!canPush} loading={isSaving} data-autofocus>
          {pushWords(names, entries.length)}
        </Button>
        {hasUnsaved && (
          <Button variant="default" onClick={onSave} disabled={isSaving}>
            Only save
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={onClose}>
          Cancel
        </Button>
        <Text c="dimmed" role="status">
          {isSaving && 'Saving…'}
        </Text>
      </Group>
    </div>
  );
}

/** Cancel or hide while it runs; then retry what failed, and close. */
export function PushFoot({ push, onClose }: { push: PushRun; onClose: () => void }) {
  const failed = push.runs.filter(
    (run) =>
      run.problem !== null || (run.result !== null && !['applied', 'unchanged', 'conflict'].includes(run.result.kind)),
  );
  const closeButton = useFocusWhen(!push.isRunning);
  return (
    <div className={classes['foot']}>
      {push.isRunning ? (
        <Group gap="xs">
          <Button variant="default" onClick={push.cancel} disabled={push.isCancelling}>
            {push.isCancelling ? 'Cancelling…' : 'Cancel the push'}
          </Button>
          <Button variant="subtle" color="gray" onClick={onClose}>
            Hide
          </Button>
          <Text c="dimmed">What is confirmed stays; what is not goes back by itself.</Text>
        </Group>
      ) : (
        <Group gap="xs">
          <Button ref={closeButton} onClick={onClose}>
            Close
          </Button>
          {failed.length > 1 && (
            <Button
              variant="default"
              onClick={() =>
                void push.start(
                  failed.map((run) => run.name),
                  false,
                )
              }
            >
              Retry {failed.length} gateways
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}
