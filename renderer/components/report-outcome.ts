// What an act did, said in the corner: a failure with its next step, a success with the way back.
import { notifications } from '@mantine/notifications';
import type { Outcome } from '#contract/outcome';

/** Says a failure; says `words` on success. Returns whether it went well. */
export function reportOutcome(outcome: Outcome<unknown>, words?: string): boolean {
  if (outcome.ok) {
    if (words !== undefined) notifications.show({ message: words, color: 'green' });
    return true;
  }
  const { message, hint } = outcome.problem;
  notifications.show({
    message: hint === undefined ? message : `${message} ${hint}`,
    color: 'red',
    autoClose: false,
    role: 'alert',
  });
  return false;
}
