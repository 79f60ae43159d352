// A release that refuses every client is pushed only after a second, explicit yes.
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReviewEntry } from './fold-reviews.ts';

/** The finding's stable code, see judge-config. */
const denyAllCode = 'permit-list-empty';

/** Goes on at once, or after the question where "Deny all" meets an empty list. */
export function askDenyAll(entries: ReviewEntry[], goOn: () => void): void {
  const names = entries
    .filter((entry) => entry.review?.findings.some((finding) => finding.code === denyAllCode))
    .map((entry) => entry.name);
  if (names.length === 0) return goOn();
  modals.openConfirmModal({
    title: 'Refuse every client?',
    children: (
      <Text>
        {names.join(', ')} will deny all connections, and the list of exceptions is empty: no mail server can deliver
        there until you push again.
      </Text>
    ),
    labels: { confirm: 'Push and refuse everybody', cancel: 'Back to the review' },
    confirmProps: { color: 'red' },
    zIndex: 400,
    onConfirm: goOn,
  });
}
