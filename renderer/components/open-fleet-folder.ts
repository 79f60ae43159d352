// Another fleet folder for the whole window: chosen by the user, or just filled by an import.
import { notifications } from '@mantine/notifications';
import { callGateway, forgetAnswers } from '../api/gateway-bridge.ts';
import { goTo, isFreeToLeaveFor } from './guarded-location.ts';
import { reportOutcome } from './report-outcome.ts';

/** Lets the user choose one; with unsaved changes on screen it asks about them first, and no more. */
export async function openFleetFolder(): Promise<void> {
  if (!isFreeToLeaveFor('/')) return goTo('/');
  const outcome = await callGateway('app:choose-folder', {});
  if (!reportOutcome(outcome) || !outcome.ok || outcome.value === null) return;
  await showOpenedFolder(`The fleet in ${outcome.value.fleetFolder} is open.`);
}

/** Shows the fleet that is open now from its first screen on, and says so. */
export async function showOpenedFolder(words: string): Promise<void> {
  goTo('/');
  await forgetAnswers();
  notifications.show({ message: words, color: 'green' });
}
